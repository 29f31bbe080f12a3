import type { GraphBuilder } from './builder.ts'
import type { Value } from './graph.ts'
import { matmul } from './ops/matmul.ts'
import { reshape } from './ops/reshape.ts'
import { type RoiWeights, roiWeights } from './ops/roi-weights.ts'
import { transpose } from './ops/transpose.ts'

type Options = Omit<RoiWeights, 'map'>

const SWAP = [0, 2, 1, 3]

/**
 * RoIAlign (arXiv 1703.06870, section 3; torchvision's `roi_align` with `aligned=True` and a sampling ratio). The samples of a
 * region lie on a grid, so it is rows · map · columnsᵀ: products of matrices, forward and backward, which are faster than
 * gathering samples, and scatter none.
 * @param x [N,C,H,W]
 * @param regions [N,P,4], equally many of each image: see {@link roiWeights}. They have no gradient.
 * @returns [N·P,C,h,w], the regions of an image together
 */
export function roiAlign(graph: GraphBuilder, x: Value, regions: Value, options: Options): Value {
  const [n, c, height, width] = x.type.shape as [number, number, number, number]
  const [, p] = regions.type.shape as [number, number]
  const [h, w] = options.size
  const [rows, columns] = roiWeights(graph, regions, { ...options, map: [height, width] })
  const lines = reshape(graph, transpose(graph, x, SWAP), [n, height, c * width])
  const narrowed = matmul(graph, reshape(graph, rows, [n, p * h, height]), lines)
  const cells = matmul(graph, reshape(graph, narrowed, [n, p, h * c, width]), columns, { a: false, b: true })
  return transpose(graph, reshape(graph, cells, [n * p, h, c, w]), SWAP)
}
