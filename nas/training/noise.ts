import { random } from '../random.ts'
import { int32, sizeOf, type Tensor } from '../tensor.ts'

export interface NoiseOptions {
  /** Of the feature map that is dropped from: [N,C,H,W]. */
  readonly shape: readonly [batch: number, channels: number, height: number, width: number]
  /** One number in so many is dropped. */
  readonly oneIn: number
  readonly seed: number
  /** Counted from 0. */
  readonly step: number
}

/** The random inputs of `dropout` at a step: uniform integers in [0, oneIn), [N,C,1,1] and [N,1,H,W]. */
export function dropoutNoise({ shape: [n, c, h, w], oneIn, seed, step }: NoiseOptions): {
  readonly channelNoise: Tensor
  readonly positionNoise: Tensor
} {
  const rng = random(seed, 'dropout', step)
  const uniform = (shape: readonly number[]) =>
    int32(
      shape,
      Int32Array.from({ length: sizeOf(shape) }, () => rng.integer(oneIn)),
    )
  return { channelNoise: uniform([n, c, 1, 1]), positionNoise: uniform([n, 1, h, w]) }
}
