import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { maxPool } from '../../graph/ops/max-pool.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'

/**
 * A map [N,C,H,W] at the resolution of another level: max pooling to a coarser one, bilinear interpolation to a finer one
 * (section 4.1). Windows of the pooling are 2^octaves wide and do not overlap, so they give what 2x2 windows give in turn.
 * @param octaves how many times that level is half as large as this; negative for a finer one
 * @param like a map of that level
 */
export function resample(graph: GraphBuilder, x: Value, octaves: number, like: Value): Value {
  if (octaves === 0) return x
  if (octaves < 0) return resizeBilinear(graph, x, like, { alignCorners: false })
  const factor = 2 ** octaves
  // Sizes of levels are rounded up.
  const missing = (axis: 2 | 3) => like.type.shape[axis]! * factor - x.type.shape[axis]!
  return maxPool(graph, x, {
    kernel: [factor, factor],
    stride: [factor, factor],
    padding: [0, 0, missing(2), missing(3)],
  })
}
