import type { GraphBuilder } from '../../../nas/graph/builder.ts'
import { type Convolution, same } from '../../../nas/graph/convolution.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { argmax } from '../../../nas/graph/ops/argmax.ts'
import { averagePool } from '../../../nas/graph/ops/average-pool.ts'
import { batchNorm } from '../../../nas/graph/ops/batch-norm.ts'
import { batchNormInference } from '../../../nas/graph/ops/batch-norm-inference.ts'
import { biasedConv2d } from '../../../nas/graph/ops/biased-conv2d.ts'
import { broadcastTo } from '../../../nas/graph/ops/broadcast-to.ts'
import { concat } from '../../../nas/graph/ops/concat.ts'
import { conv2d } from '../../../nas/graph/ops/conv2d.ts'
import { div } from '../../../nas/graph/ops/div.ts'
import { dropout } from '../../../nas/graph/ops/dropout.ts'
import { exp } from '../../../nas/graph/ops/exp.ts'
import { gridPool } from '../../../nas/graph/ops/grid-pool.ts'
import { log } from '../../../nas/graph/ops/log.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { maxPool } from '../../../nas/graph/ops/max-pool.ts'
import { moments } from '../../../nas/graph/ops/moments.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { neg } from '../../../nas/graph/ops/neg.ts'
import { pad } from '../../../nas/graph/ops/pad.ts'
import { reduceMean } from '../../../nas/graph/ops/reduce-mean.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { relu } from '../../../nas/graph/ops/relu.ts'
import { relu6 } from '../../../nas/graph/ops/relu6.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { resizeBilinear } from '../../../nas/graph/ops/resize-bilinear.ts'
import { scaledPointwise } from '../../../nas/graph/ops/scaled-pointwise.ts'
import { sigmoid } from '../../../nas/graph/ops/sigmoid.ts'
import { slice } from '../../../nas/graph/ops/slice.ts'
import { softmax } from '../../../nas/graph/ops/softmax.ts'
import { softmaxCrossEntropy } from '../../../nas/graph/ops/softmax-cross-entropy.ts'
import { sqrt } from '../../../nas/graph/ops/sqrt.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { transpose } from '../../../nas/graph/ops/transpose.ts'
import { random } from '../../../nas/random.ts'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../../../nas/tensor.ts'

export interface OpCase {
  readonly title: string
  readonly inputs: Tensors
  readonly build: (graph: GraphBuilder, ...inputs: Value[]) => readonly Value[]
  /** Inputs whose gradient is checked. */
  readonly wrt: readonly string[]
  /** Of the finite differences. Central differences are exact for maps up to the second degree, at any step. */
  readonly step: number
}

const coarse = 0.5
const fine = 1e-2

const drawn = (name: string, shape: readonly number[], draw: (rng: ReturnType<typeof random>) => number) => {
  const rng = random(1, name)
  return Array.from({ length: sizeOf(shape) }, () => draw(rng))
}
const normal = (name: string, ...shape: number[]): Tensor =>
  float32(
    shape,
    drawn(name, shape, (rng) => rng.normal()),
  )
const positive = (name: string, ...shape: number[]): Tensor =>
  float32(
    shape,
    drawn(name, shape, (rng) => 0.5 + rng.uniform()),
  )
const integers = (name: string, below: number, ...shape: number[]): Tensor =>
  int32(
    shape,
    drawn(name, shape, (rng) => rng.integer(below)),
  )
/** All elements at least `gap` apart from each other and from multiples of 2, where activations and maxima have their kinks. */
const apart = (name: string, ...shape: number[]): Tensor => {
  const gap = 0.15
  const order = random(1, name).shuffle([...Array(sizeOf(shape)).keys()])
  return float32(
    shape,
    order.map((i) => (i - order.length / 2) * gap + 0.07),
  )
}

type Build = OpCase['build']
const on = (
  title: string,
  inputs: Tensors,
  step: number,
  build: Build,
  wrt = Object.keys(inputs),
): OpCase => ({
  title,
  inputs,
  build,
  wrt,
  step,
})

const unary = (title: string, op: (graph: GraphBuilder, x: Value) => Value, x: Tensor, step = fine): OpCase =>
  on(title, { x }, step, (graph, x) => [op(graph, x!)])

const binary = (
  title: string,
  op: (graph: GraphBuilder, a: Value, b: Value) => Value,
  a: Tensor,
  b: Tensor,
  step: number,
): OpCase => on(title, { a, b }, step, (graph, a, b) => [op(graph, a!, b!)])

const convolution = (title: string, x: number[], filter: number[], options: Convolution): OpCase =>
  on(
    `conv2d: ${title}`,
    { x: normal('x', ...x), filter: normal('filter', ...filter) },
    coarse,
    (graph, x, filter) => [conv2d(graph, x!, filter!, options)],
  )

const pooling = (
  title: string,
  pool: typeof averagePool | typeof maxPool,
  x: number[],
  window: Parameters<typeof averagePool>[2],
): OpCase => on(title, { x: apart('x', ...x) }, fine, (graph, x) => [pool(graph, x!, window)])

const crossEntropy = (
  title: string,
  logits: number[],
  labels: Tensor,
  ignoreLabel: number,
  labelSmoothing = 0,
): OpCase =>
  on(
    `softmax-cross-entropy: ${title}`,
    { logits: normal('logits', ...logits), labels },
    fine,
    (graph, logits, labels) => [
      softmaxCrossEntropy(graph, logits!, labels!, { ignoreLabel, labelSmoothing }),
    ],
    ['logits'],
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

const labels = int32([2, 2, 3], [0, 3, 255, 1, 2, 255, 4, 4, 0, 255, 1, 3])

export const opCases: readonly OpCase[] = [
  binary('add', add, normal('a', 2, 3, 4), normal('b', 3, 1), coarse),
  binary('sub', sub, normal('a', 3, 1), normal('b', 2, 3, 4), coarse),
  binary('mul', mul, normal('a', 2, 1, 4), normal('b', 3, 1), coarse),
  binary('mul: a filter by a scalar', mul, normal('a', 4, 3, 1, 1), normal('b'), coarse),
  binary('div', div, normal('a', 2, 3, 4), positive('b', 3, 1), fine),
  unary('neg', neg, normal('x', 2, 3), coarse),
  unary('exp', exp, normal('x', 2, 3)),
  unary('log', log, positive('x', 2, 3)),
  unary('sqrt', sqrt, positive('x', 2, 3)),
  unary('sigmoid', sigmoid, normal('x', 2, 3)),
  unary('relu', relu, apart('x', 2, 5, 3)),
  unary('relu6', relu6, apart('x', 2, 50)),

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
  on('moments of few channels', { x: normal('x', 2, 3, 4, 2) }, coarse, (graph, x) =>
    Object.values(moments(graph, x!)),
  ),
  on('moments of many channels', { x: normal('x', 3, 5, 2, 2) }, coarse, (graph, x) =>
    Object.values(moments(graph, x!)),
  ),
  on(
    'scaled-pointwise',
    {
      x: normal('x', 2, 3, 2, 3),
      weight: normal('weight', 5, 3, 1, 1),
      scale: positive('scale', 5),
      shift: normal('shift', 5),
    },
    fine,
    (graph, x, weight, scale, shift) => [
      scaledPointwise(graph, x!, weight!, scale!, shift!, { cap: Infinity }),
    ],
  ),
  on(
    'scaled-pointwise with a cap, of fixed weights',
    {
      x: normal('x', 2, 3, 2, 3),
      weight: normal('weight', 5, 3, 1, 1),
      scale: positive('scale', 5),
      shift: normal('shift', 5),
    },
    fine,
    (graph, x, weight, scale, shift) => [scaledPointwise(graph, x!, weight!, scale!, shift!, { cap: 1 })],
    ['x', 'scale', 'shift'],
  ),
  // Twenty channels fill one block of ONNX Runtime's blocked layout and part of another; from the first convolution to the
  // last, maps stay in blocks.
  ...[4, 8].map((inputs) =>
    on(
      `an inverted residual in blocks, of ${inputs} channels, without activations`,
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
    'activations in blocks',
    { x: apart('x', 1, 16, 2, 3), filter: float32([16, 1, 1, 1], Array(16).fill(1)) },
    fine,
    (graph, x, filter) => {
      const y = conv2d(graph, x!, filter!, same([1, 1], { groups: 16 }))
      return [relu6(graph, y), relu(graph, y)]
    },
    ['x'],
  ),
  // Sixteen channels fill a block.
  convolution('depthwise in blocks', [2, 16, 6, 7], [16, 1, 3, 3], same([3, 3], { groups: 16 })),
  convolution(
    'depthwise in blocks, stride on an odd map',
    [1, 16, 7, 9],
    [16, 1, 3, 3],
    same([3, 3], { groups: 16, stride: 2 }),
  ),
  convolution(
    'depthwise in blocks, stride on an even map',
    [2, 16, 8, 6],
    [16, 1, 3, 3],
    same([3, 3], { groups: 16, stride: 2 }),
  ),
  convolution(
    'depthwise in blocks, unequal dilation',
    [2, 32, 7, 5],
    [32, 1, 3, 3],
    same([3, 3], { groups: 32, dilation: [6, 3] }),
  ),
  convolution(
    'depthwise in blocks, stride and dilation',
    [2, 16, 9, 8],
    [16, 1, 3, 3],
    same([3, 3], { groups: 16, stride: 2, dilation: [2, 3] }),
  ),
  convolution(
    'depthwise in blocks of two images',
    [4, 24, 5, 4],
    [24, 1, 3, 3],
    same([3, 3], { groups: 24 }),
  ),
  convolution(
    'depthwise in blocks of two images, with stride',
    [4, 24, 6, 5],
    [24, 1, 5, 5],
    same([5, 5], { groups: 24, stride: 2 }),
  ),
  convolution(
    'depthwise of images that fill no block',
    [3, 24, 4, 4],
    [24, 1, 3, 3],
    same([3, 3], { groups: 24 }),
  ),
  convolution('groups', [2, 4, 6, 7], [6, 2, 3, 3], same([3, 3], { groups: 2, stride: 2 })),

  on(
    'batch-norm',
    { x: normal('x', 2, 3, 4, 5), gamma: positive('gamma', 3), beta: normal('beta', 3) },
    fine,
    (graph, x, gamma, beta) => [batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3 }).y],
  ),
  on(
    'batch-norm: a batch of one, a mean that is large beside the deviation',
    {
      x: float32([1, 2, 5, 3], normal('x', 1, 2, 5, 3).data.map((x) => x + 10) as Float32Array),
      gamma: positive('gamma', 2),
      beta: normal('beta', 2),
    },
    fine,
    (graph, x, gamma, beta) => [batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3 }).y],
  ),
  ...[2, Infinity].map((cap) =>
    on(
      `batch-norm: and a relu up to ${cap}`,
      { x: normal('x', 2, 4, 2, 3), gamma: positive('gamma', 4), beta: normal('beta', 4) },
      fine,
      (graph, x, gamma, beta) => [batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3, cap }).y],
    ),
  ),
  on(
    'batch-norm: statistics',
    { x: normal('x', 2, 3, 4, 5), gamma: positive('gamma', 3), beta: normal('beta', 3) },
    fine,
    (graph, x, gamma, beta) => {
      const { mean, variance } = batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3 })
      return [mean, variance]
    },
    [],
  ),
  on(
    'batch-norm-inference',
    {
      x: normal('x', 2, 3, 4, 5),
      gamma: positive('gamma', 3),
      beta: normal('beta', 3),
      mean: normal('mean', 3),
      variance: positive('variance', 3),
    },
    coarse,
    (graph, x, gamma, beta, mean, variance) => [
      batchNormInference(graph, x!, gamma!, beta!, mean!, variance!, { epsilon: 1e-3 }),
    ],
    ['x', 'gamma', 'beta'],
  ),
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

  pooling('average-pool: even', averagePool, [2, 3, 4, 6], {
    kernel: [2, 3],
    stride: [2, 3],
    padding: [0, 0, 0, 0],
  }),
  pooling('average-pool: overlapping, padded', averagePool, [2, 2, 5, 8], {
    kernel: [3, 3],
    stride: [2, 2],
    padding: [1, 0, 1, 2],
  }),
  pooling('average-pool: sliding', averagePool, [2, 3, 5, 7], {
    kernel: [4, 5],
    stride: [1, 1],
    padding: [0, 0, 0, 0],
  }),
  pooling('max-pool: even', maxPool, [2, 3, 4, 6], {
    kernel: [2, 2],
    stride: [2, 2],
    padding: [0, 0, 0, 0],
  }),
  pooling('max-pool: overlapping, padded', maxPool, [2, 2, 7, 8], {
    kernel: [3, 3],
    stride: [2, 2],
    padding: [1, 1, 1, 1],
  }),
  pooling('max-pool: padding that differs by side', maxPool, [2, 2, 7, 5], {
    kernel: [3, 2],
    stride: [2, 1],
    padding: [0, 1, 2, 0],
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
  resize('from one position', [2, 3, 1, 1], [4, 5], true),
  resize('to one position', [2, 3, 4, 5], [1, 1], true),

  crossEntropy('pixels', [2, 5, 2, 3], labels, 255),
  crossEntropy('rows', [4, 3], int32([4], [0, 2, 1, 1]), -1),
  crossEntropy('an ignored label below all classes', [4, 3], int32([4], [0, -1, 1, -1]), -1),
  crossEntropy('an ignored label that is a class', [4, 3], int32([4], [0, 2, 1, 2]), 2),
  crossEntropy('smoothed labels', [4, 3], int32([4], [0, 2, -1, 2]), -1, 0.1),
]
