import { same } from '../../../../nas/graph/convolution.ts'
import { add } from '../../../../nas/graph/ops/add.ts'
import { batchNorm } from '../../../../nas/graph/ops/batch-norm.ts'
import { batchNormInference } from '../../../../nas/graph/ops/batch-norm-inference.ts'
import { conv2d } from '../../../../nas/graph/ops/conv2d.ts'
import { mul } from '../../../../nas/graph/ops/mul.ts'
import { relu } from '../../../../nas/graph/ops/relu.ts'
import { relu6 } from '../../../../nas/graph/ops/relu6.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { convolution } from './convolutions.ts'
import { apart, fine, normal, type OpCase, on, positive } from './op-case.ts'

export const nchwcCases: readonly OpCase[] = [
  // Twenty channels are one block of sixteen and part of another. Maps stay in NCHWc from the first convolution to the last.
  ...[4, 8].map((inputs) =>
    on(
      `an inverted residual in NCHWc, of ${inputs} channels, without activations`,
      {
        x: normal('x', 2, inputs, 5, 6),
        expand: normal('expand', 20, inputs, 1, 1),
        depthwise: normal('depthwise', 20, 1, 3, 3),
        gamma: positive('gamma', 20),
        beta: normal('beta', 20),
        project: normal('project', 8, 20, 1, 1),
      },
      1e-3,
      (graph, x, expand, depthwise, gamma, beta, project) => {
        const expanded = conv2d(graph, x!, expand!, same([1, 1]))
        const stride = same([3, 3], { groups: 20, stride: 2 })
        const epsilon = 1e-3
        const filtered = conv2d(graph, expanded, depthwise!, stride)
        const { y } = batchNorm(graph, filtered, gamma!, beta!, { epsilon })
        const sum = add(graph, y, filtered)
        const again = batchNormInference(graph, sum, gamma!, beta!, beta!, gamma!, { epsilon })
        return [conv2d(graph, mul(graph, again, y), project!, same([1, 1]))]
      },
      ['x', 'expand', 'depthwise', 'project'],
    ),
  ),
  on(
    'activations in NCHWc',
    { x: apart('x', 1, 16, 2, 3), filter: float32([16, 1, 1, 1], Array(16).fill(1)) },
    fine,
    (graph, x, filter) => {
      const y = conv2d(graph, x!, filter!, same([1, 1], { groups: 16 }))
      return [relu6(graph, y), relu(graph, y)]
    },
    ['x'],
  ),
  convolution('over all channels in NCHWc', [2, 16, 6, 7], [32, 16, 3, 3], same([3, 3])),
  convolution(
    'over all channels in NCHWc, of a part of a block',
    [1, 24, 5, 6],
    [28, 24, 3, 5],
    same([3, 5]),
  ),
  convolution(
    'over all channels in NCHWc, stride',
    [2, 16, 7, 9],
    [16, 16, 3, 3],
    same([3, 3], { stride: 2 }),
  ),
  convolution(
    'over all channels in NCHWc, unequal dilation',
    [1, 16, 9, 8],
    [16, 16, 3, 3],
    same([3, 3], { dilation: [3, 2] }),
  ),
  convolution('over all channels in NCHWc, padded by side', [1, 16, 6, 5], [16, 16, 3, 3], {
    stride: [1, 1],
    dilation: [1, 1],
    padding: [0, 1, 2, 0],
    groups: 1,
  }),
  convolution('over all channels in NCHWc, of many images', [16, 16, 4, 3], [12, 16, 3, 3], same([3, 3])),
  convolution(
    'over all channels in NCHWc, of many images, with stride',
    [12, 16, 6, 5],
    [16, 16, 5, 3],
    same([5, 3], { stride: 2 }),
  ),
  // Sixteen channels are a whole block.
  convolution('depthwise in NCHWc', [2, 16, 6, 7], [16, 1, 3, 3], same([3, 3], { groups: 16 })),
  convolution(
    'depthwise in NCHWc, stride on an odd map',
    [1, 16, 7, 9],
    [16, 1, 3, 3],
    same([3, 3], { groups: 16, stride: 2 }),
  ),
  convolution(
    'depthwise in NCHWc, stride on an even map',
    [2, 16, 8, 6],
    [16, 1, 3, 3],
    same([3, 3], { groups: 16, stride: 2 }),
  ),
  convolution(
    'depthwise in NCHWc, unequal dilation',
    [2, 32, 7, 5],
    [32, 1, 3, 3],
    same([3, 3], { groups: 32, dilation: [6, 3] }),
  ),
  convolution(
    'depthwise in NCHWc, stride and dilation',
    [2, 16, 9, 8],
    [16, 1, 3, 3],
    same([3, 3], { groups: 16, stride: 2, dilation: [2, 3] }),
  ),
  convolution('depthwise in NCHWc of two images', [4, 24, 5, 4], [24, 1, 3, 3], same([3, 3], { groups: 24 })),
  convolution(
    'depthwise in NCHWc of two images, with stride',
    [4, 24, 6, 5],
    [24, 1, 5, 5],
    same([5, 5], { groups: 24, stride: 2 }),
  ),
  convolution(
    'depthwise in NCHWc of three images',
    [3, 24, 4, 4],
    [24, 1, 3, 3],
    same([3, 3], { groups: 24 }),
  ),
]
