import { gridPool } from '../../../../nas/graph/ops/grid-pool.ts'
import { maxPool } from '../../../../nas/graph/ops/max-pool.ts'
import { resizeBilinear } from '../../../../nas/graph/ops/resize-bilinear.ts'
import { slidingPool } from '../../../../nas/graph/ops/sliding-pool.ts'
import { roiAlign } from '../../../../nas/graph/roi-align.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { apart, coarse, fine, normal, type OpCase, on, unary } from './op-case.ts'

const largest = (title: string, x: number[], window: Parameters<typeof maxPool>[2]): OpCase =>
  on(`max-pool: ${title}`, { x: apart('x', ...x) }, fine, (graph, x) => [maxPool(graph, x!, window)])

const sliding = (x: number[], cells: [number, number]): OpCase =>
  unary(
    `sliding-pool: ${x.slice(2)} by windows of ${cells}`,
    (graph, x) => slidingPool(graph, x, cells),
    normal('x', ...x),
    fine,
  )

const resize = (title: string, x: number[], size: [number, number], alignCorners: boolean): OpCase =>
  unary(
    `resize-bilinear: ${title}`,
    (graph, x) => resizeBilinear(graph, x, size, { alignCorners }),
    normal('x', ...x),
    coarse,
  )

const grid = (x: number[], cells: [number, number]): OpCase =>
  unary(
    `grid-pool: ${x.slice(2)} to ${cells}`,
    (graph, x) => gridPool(graph, x, cells),
    normal('x', ...x),
    coarse,
  )

export const poolingCases: readonly OpCase[] = [
  on(
    'grid-pool: a grid like another map, at a stride',
    { x: normal('x', 2, 3, 9, 14), like: normal('like', 2, 1, 5, 6) },
    coarse,
    (graph, x, like) => [gridPool(graph, x!, { like: like!, stride: 2 })],
    ['x'],
  ),
  sliding([2, 3, 4, 6], [1, 1]),
  sliding([2, 3, 5, 7], [2, 3]),
  sliding([2, 2, 5, 8], [8, 2]),
  largest('even', [2, 3, 4, 6], {
    kernel: [2, 2],
    stride: [2, 2],
    padding: [0, 0, 0, 0],
  }),
  largest('overlapping, padded', [2, 2, 7, 8], {
    kernel: [3, 3],
    stride: [2, 2],
    padding: [1, 1, 1, 1],
  }),
  largest('padding that differs by side', [2, 2, 7, 5], {
    kernel: [3, 2],
    stride: [2, 1],
    padding: [0, 1, 2, 0],
  }),
  largest('every second place of odd lengths', [1, 2, 13, 21], {
    kernel: [1, 1],
    stride: [2, 2],
    padding: [0, 0, 0, 0],
  }),
  largest('odd lengths of the next pyramid level', [1, 2, 25, 5], {
    kernel: [3, 3],
    stride: [2, 2],
    padding: [1, 1, 1, 1],
  }),
  grid([2, 3, 5, 7], [1, 1]),
  grid([2, 3, 6, 8], [2, 4]),
  grid([2, 3, 7, 9], [2, 4]),
  grid([1, 2, 3, 5], [8, 8]),
  resize('up, aligned corners', [2, 3, 4, 5], [9, 13], true),
  resize('up, half-pixel centres', [2, 3, 4, 5], [9, 13], false),
  resize('down, aligned corners', [2, 3, 9, 13], [4, 5], true),
  resize('down, half-pixel centres', [2, 3, 9, 13], [4, 5], false),
  resize('up and down', [2, 3, 4, 13], [9, 5], true),
  resize('up to an odd pyramid level', [1, 2, 7, 11], [13, 21], false),
  resize('down to an odd pyramid level', [1, 2, 13, 21], [7, 11], false),
  resize('from one position', [2, 3, 1, 1], [4, 5], true),
  resize('to one position', [2, 3, 4, 5], [1, 1], true),
  on(
    'roi-align: regions of two images, some partly outside',
    {
      x: normal('x', 2, 3, 5, 7),
      regions: float32(
        [2, 3, 4],
        [3, 5, 31, 23, -20, -14, 18, 9, 40, 30, 90, 75, 12, 12, 12, 12, 50, 3, 56, 40, -60, -50, -30, -20],
      ),
    },
    coarse,
    (graph, x, regions) => [
      roiAlign(graph, x!, regions!, { size: [3, 2], spatialScale: 1 / 8, samplingRatio: 2 }),
    ],
    ['x'],
  ),
]
