import { argmax } from '../../../../nas/graph/ops/argmax.ts'
import { broadcastTo } from '../../../../nas/graph/ops/broadcast-to.ts'
import { concat } from '../../../../nas/graph/ops/concat.ts'
import { pad } from '../../../../nas/graph/ops/pad.ts'
import { reduceMean } from '../../../../nas/graph/ops/reduce-mean.ts'
import { reduceSum } from '../../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../../nas/graph/ops/reshape.ts'
import { slice } from '../../../../nas/graph/ops/slice.ts'
import { softmax } from '../../../../nas/graph/ops/softmax.ts'
import { transpose } from '../../../../nas/graph/ops/transpose.ts'
import { apart, coarse, fine, normal, type OpCase, on, unary } from './op-case.ts'

export const shapeCases: readonly OpCase[] = [
  unary('reshape', (graph, x) => reshape(graph, x, [4, 3]), normal('x', 2, 6), coarse),
  unary('transpose', (graph, x) => transpose(graph, x, [2, 0, 3, 1]), normal('x', 2, 3, 4, 5), coarse),
  unary('broadcast-to', (graph, x) => broadcastTo(graph, x, [2, 3, 4]), normal('x', 3, 1), coarse),
  unary('reduce-sum', (graph, x) => reduceSum(graph, x, [0, 2]), normal('x', 2, 3, 4), coarse),
  unary('reduce-mean', (graph, x) => reduceMean(graph, x, [0, 2]), normal('x', 2, 3, 4), coarse),
  unary('softmax: last axis', (graph, x) => softmax(graph, x, 1), normal('x', 3, 5)),
  unary('softmax: channels', (graph, x) => softmax(graph, x, 1), normal('x', 2, 5, 3, 4)),
  unary(
    'slice',
    (graph, x) => slice(graph, x, { starts: [0, 1, 2], ends: [2, 3, 3] }),
    normal('x', 2, 4, 5),
    coarse,
  ),
  unary(
    'pad',
    (graph, x) => pad(graph, x, { before: [0, 1, 2], after: [1, 0, 3] }),
    normal('x', 2, 4, 5),
    coarse,
  ),
  unary(
    'pad: negative lengths crop',
    (graph, x) => pad(graph, x, { before: [0, -1, 2], after: [-1, -2, -3] }),
    normal('x', 2, 4, 5),
    coarse,
  ),
  on(
    'concat',
    { a: normal('a', 2, 3, 4), b: normal('b', 2, 1, 4), c: normal('c', 2, 2, 4) },
    coarse,
    (graph, a, b, c) => [concat(graph, [a!, b!, c!], 1)],
  ),
  on('argmax', { x: apart('x', 2, 5, 3, 4) }, fine, (graph, x) => [argmax(graph, x!, 1)], []),
]
