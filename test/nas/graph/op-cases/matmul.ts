import { matmul } from '../../../../nas/graph/ops/matmul.ts'
import { binary, coarse, normal, type OpCase } from './op-case.ts'

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
]
