import { matmul } from '../../../../nas/graph/ops/matmul.ts'
import { mergeHeads } from '../../../../nas/graph/ops/merge-heads.ts'
import { splitHeads } from '../../../../nas/graph/ops/split-heads.ts'
import { binary, coarse, normal, type OpCase, on, unary } from './op-case.ts'

export const matmulCases: readonly OpCase[] = [
  binary('matmul', matmul, normal('a', 3, 4), normal('b', 4, 5), coarse),
  binary('matmul: a batch by a matrix', matmul, normal('a', 2, 3, 4), normal('b', 4, 5), coarse),
  binary('matmul: a matrix by batches', matmul, normal('a', 3, 4), normal('b', 2, 3, 4, 5), coarse),
  binary('matmul: batches broadcast', matmul, normal('a', 2, 1, 3, 4), normal('b', 1, 3, 4, 5), coarse),
  binary(
    'matmul: both transposed',
    (graph, a, b) => matmul(graph, a, b, { a: true, b: true }),
    normal('a', 2, 4, 3),
    normal('b', 2, 5, 4),
    coarse,
  ),
  unary('split-heads', (graph, x) => splitHeads(graph, x, 3), normal('x', 2, 6, 2, 4), coarse),
  on(
    'merge-heads',
    { x: normal('x', 2, 3, 2, 8), like: normal('like', 2, 5, 2, 4) },
    coarse,
    (graph, x, like) => [mergeHeads(graph, x!, like!)],
    ['x'],
  ),
]
