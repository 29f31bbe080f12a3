import type { Network } from '../../nets/layers.ts'

/** A feature map between the parts of a network. */
export interface Features {
  readonly name: string
  /** [N,C,H,W] */
  readonly shape: readonly number[]
}

/** A part of a network. */
export interface Part {
  /** Of its parameters, by which all graphs that it is in share them. */
  readonly scope: string
  readonly build: Network
}
