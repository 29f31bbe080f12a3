import { add } from '../../../../nas/graph/ops/add.ts'
import { div } from '../../../../nas/graph/ops/div.ts'
import { dropout } from '../../../../nas/graph/ops/dropout.ts'
import { mul } from '../../../../nas/graph/ops/mul.ts'
import { neg } from '../../../../nas/graph/ops/neg.ts'
import { relu } from '../../../../nas/graph/ops/relu.ts'
import { relu6 } from '../../../../nas/graph/ops/relu6.ts'
import { sigmoid } from '../../../../nas/graph/ops/sigmoid.ts'
import { sqrt } from '../../../../nas/graph/ops/sqrt.ts'
import { sub } from '../../../../nas/graph/ops/sub.ts'
import { apart, binary, coarse, fine, integers, normal, type OpCase, on, positive, unary } from './op-case.ts'

export const elementwiseCases: readonly OpCase[] = [
  binary('add', add, normal('a', 2, 3, 4), normal('b', 3, 1), coarse),
  binary('sub', sub, normal('a', 3, 1), normal('b', 2, 3, 4), coarse),
  binary('mul', mul, normal('a', 2, 1, 4), normal('b', 3, 1), coarse),
  binary('mul: a filter by a scalar', mul, normal('a', 4, 3, 1, 1), normal('b'), coarse),
  binary('div', div, normal('a', 2, 3, 4), positive('b', 3, 1), fine),
  unary('neg', neg, normal('x', 2, 3), coarse),
  unary('sqrt', sqrt, positive('x', 2, 3)),
  unary('sigmoid', sigmoid, normal('x', 2, 3)),
  unary('relu', relu, apart('x', 2, 5, 3)),
  unary('relu6', relu6, apart('x', 2, 50)),
  on(
    'dropout',
    {
      x: normal('x', 2, 8, 5, 7),
      channelNoise: integers('channel', 4, 2, 8, 1, 1),
      positionNoise: integers('position', 4, 2, 1, 5, 7),
    },
    coarse,
    (graph, x, channelNoise, positionNoise) => [
      dropout(graph, x!, channelNoise!, positionNoise!, { oneIn: 4 }),
    ],
    ['x'],
  ),
]
