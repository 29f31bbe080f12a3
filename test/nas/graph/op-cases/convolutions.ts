import { type Convolution, same } from '../../../../nas/graph/convolution.ts'
import { biasedConv2d } from '../../../../nas/graph/ops/biased-conv2d.ts'
import { conv2d } from '../../../../nas/graph/ops/conv2d.ts'
import { coarse, normal, type OpCase, on } from './op-case.ts'

export const convolution = (title: string, x: number[], filter: number[], options: Convolution): OpCase =>
  on(
    `conv2d: ${title}`,
    { x: normal('x', ...x), filter: normal('filter', ...filter) },
    coarse,
    (graph, x, filter) => [conv2d(graph, x!, filter!, options)],
  )

export const convolutionCases: readonly OpCase[] = [
  convolution('pointwise', [2, 3, 5, 7], [4, 3, 1, 1], same([1, 1])),
  convolution('pointwise on a small map', [2, 12, 2, 2], [13, 12, 1, 1], same([1, 1])),
  convolution('pointwise with stride', [2, 3, 6, 7], [4, 3, 1, 1], same([1, 1], { stride: 2 })),
  convolution('3x3', [2, 3, 6, 7], [4, 3, 3, 3], same([3, 3])),
  convolution('1x3', [2, 3, 6, 7], [4, 3, 1, 3], same([1, 3])),
  convolution('3x3 with stride on an odd map', [2, 3, 7, 9], [4, 3, 3, 3], same([3, 3], { stride: 2 })),
  convolution('3x3 with stride on an even map', [2, 3, 8, 6], [4, 3, 3, 3], same([3, 3], { stride: 2 })),
  convolution('7x7 with stride 2', [1, 3, 11, 14], [2, 3, 7, 7], same([7, 7], { stride: 2 })),
  convolution('unequal dilation', [2, 3, 9, 8], [2, 3, 3, 3], same([3, 3], { dilation: [3, 2] })),
  convolution('dilation beyond the map', [1, 2, 5, 6], [2, 2, 3, 3], same([3, 3], { dilation: [9, 6] })),
  convolution('stride and dilation', [2, 2, 9, 10], [3, 2, 3, 3], {
    stride: [2, 3],
    dilation: [2, 3],
    padding: [2, 3, 2, 3],
    groups: 1,
  }),
  convolution('padding that differs by side', [2, 2, 5, 6], [3, 2, 2, 3], {
    stride: [2, 1],
    dilation: [1, 1],
    padding: [0, 2, 1, 0],
    groups: 1,
  }),
  convolution('depthwise', [2, 3, 6, 7], [3, 1, 3, 3], same([3, 3], { groups: 3 })),
  convolution(
    'depthwise with stride on an odd map',
    [2, 3, 7, 9],
    [3, 1, 3, 3],
    same([3, 3], { groups: 3, stride: 2 }),
  ),
  convolution(
    'depthwise with stride on an even map',
    [2, 3, 8, 6],
    [3, 1, 3, 3],
    same([3, 3], { groups: 3, stride: 2 }),
  ),
  convolution(
    'depthwise, unequal dilation',
    [2, 3, 9, 8],
    [3, 1, 3, 3],
    same([3, 3], { groups: 3, dilation: [6, 3] }),
  ),
  convolution(
    'depthwise, stride and dilation',
    [2, 3, 9, 8],
    [3, 1, 3, 3],
    same([3, 3], { groups: 3, stride: 2, dilation: [2, 3] }),
  ),
  convolution('depthwise, two filters a channel', [2, 3, 6, 7], [6, 1, 3, 3], same([3, 3], { groups: 3 })),
  on(
    'biased-conv2d',
    { x: normal('x', 2, 3, 5, 4), filter: normal('filter', 4, 3, 3, 3), bias: normal('bias', 4) },
    coarse,
    (graph, x, filter, bias) => [biasedConv2d(graph, x!, filter!, bias!, same([3, 3], { stride: 2 }))],
  ),
  convolution('groups', [2, 4, 6, 7], [6, 2, 3, 3], same([3, 3], { groups: 2, stride: 2 })),
]
