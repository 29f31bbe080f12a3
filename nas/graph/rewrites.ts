import type { GraphBuilder } from './builder.ts'
import type { Value } from './graph.ts'
import type { Moments } from './ops/moments.ts'

/** A forward pass that is still to be differentiated. */
export interface ForwardPass {
  readonly graph: GraphBuilder
  /** What is read of it beside what its nodes and updates read. */
  readonly results: readonly Value[]
  /** Moments that are known already. */
  readonly momentsOf?: (x: Value) => Moments | undefined
}

/**
 * How an engine has forward passes: with other nodes that compute the same values, for which its device has faster ways, forward and
 * backward. Gradients are those of what runs.
 */
export interface Rewrites {
  apply(pass: ForwardPass): void
  /** Whether it normalises by the moments of what a layer reads, which all layers that read it can share. */
  readonly byMoments: boolean
}

/** Networks as they are written. */
export const AS_WRITTEN: Rewrites = { apply: () => {}, byMoments: false }
