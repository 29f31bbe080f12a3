import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { same } from '../../../nas/graph/convolution.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { argmax } from '../../../nas/graph/ops/argmax.ts'
import { batchNorm } from '../../../nas/graph/ops/batch-norm.ts'
import { broadcastTo } from '../../../nas/graph/ops/broadcast-to.ts'
import { concat } from '../../../nas/graph/ops/concat.ts'
import { conv2d } from '../../../nas/graph/ops/conv2d.ts'
import { dropout } from '../../../nas/graph/ops/dropout.ts'
import { gridPool } from '../../../nas/graph/ops/grid-pool.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { maxPool } from '../../../nas/graph/ops/max-pool.ts'
import { pad } from '../../../nas/graph/ops/pad.ts'
import { reduceMean } from '../../../nas/graph/ops/reduce-mean.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { relu } from '../../../nas/graph/ops/relu.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { resizeBilinear } from '../../../nas/graph/ops/resize-bilinear.ts'
import { slice } from '../../../nas/graph/ops/slice.ts'
import { softmax } from '../../../nas/graph/ops/softmax.ts'
import { softmaxCrossEntropy } from '../../../nas/graph/ops/softmax-cross-entropy.ts'
import { transpose } from '../../../nas/graph/ops/transpose.ts'

const weight = { role: 'weight', initialiser: { kind: 'constant', value: 0 } } as const
const float = (...shape: number[]) => ({ dtype: 'float32', shape }) as const
const whole = (...shape: number[]) => ({ dtype: 'int32', shape }) as const

describe('parameters', () => {
  test('one name is one parameter, wherever it is asked for', () => {
    const graph = new GraphBuilder()
    const first = graph.within('cell', () => graph.parameter('filter', { ...float(3), ...weight }))
    expect(graph.parameter('cell/filter', { ...float(3), ...weight })).toBe(first)
  })

  test('one name in two shapes is an error that tells both', () => {
    const graph = new GraphBuilder()
    graph.parameter('filter', { ...float(3), ...weight })
    expect(() => graph.parameter('filter', { ...float(4), ...weight })).toThrow(
      'parameter filter is [3] and cannot also be [4]',
    )
  })
})

describe('a built graph', () => {
  test('has only nodes that outputs and updates depend on, and all inputs', () => {
    const graph = new GraphBuilder()
    const x = graph.input('x', float(2))
    graph.input('unused', float(2))
    const used = graph.parameter('used', { ...float(2), ...weight })
    const dead = graph.parameter('dead', { ...float(2), ...weight })
    add(graph, x, dead)
    const { nodes, parameters, inputs } = graph.build({ y: add(graph, x, used) })
    expect(nodes).toHaveLength(1)
    expect([...parameters.keys()]).toEqual(['used'])
    expect([...inputs.keys()]).toEqual(['x', 'unused'])
  })

  test('keeps the nodes of an update', () => {
    const graph = new GraphBuilder()
    const steps = graph.parameter('steps', { ...float(1), ...weight })
    graph.update('steps', add(graph, steps, graph.scalar(1)))
    expect(graph.build({}).nodes).toHaveLength(1)
  })

  test('has no output under the name of an input, which ONNX could not tell apart', () => {
    const graph = new GraphBuilder()
    const x = graph.input('x', float(2))
    expect(() => graph.build({ x: relu(graph, x) })).toThrow('output x has the name of an input')
  })
})

describe('a shape that does not fit is an error that names operation, scope and shapes', () => {
  const rows: readonly [string, (graph: GraphBuilder, x: Value) => unknown, RegExp][] = [
    ['add', (g, x) => add(g, x, g.input('b', float(5))), /add of \[2x4x6x8\] and \[5\].*do not broadcast/],
    ['mixed', (g, x) => add(g, x, g.input('b', whole(8))), /add of .* and int32\[8\]: float32 and int32/],
    ['argmax', (g, x) => argmax(g, x, 4), /argmax of \[2x4x6x8\]: has no axis 4/],
    [
      'max-pool',
      (g, x) => maxPool(g, x, { kernel: [7, 1], stride: [1, 1], padding: [0, 0, 0, 0] }),
      /max-pool of \[2x4x6x8\]: a \[7x1\] kernel .* larger than the padded map/,
    ],
    [
      'max-pool that may see padding only',
      (g, x) => maxPool(g, x, { kernel: [2, 2], stride: [1, 1], padding: [2, 0, 0, 0] }),
      /max-pool of .*nothing but padding/,
    ],
    [
      'batch-norm',
      (g, x) => batchNorm(g, x, g.input('a', float(4)), g.input('b', float(3)), { epsilon: 1 }),
      /batch-norm of \[2x4x6x8\] and \[4\] and \[3\]: needs/,
    ],
    ['broadcast-to', (g, x) => broadcastTo(g, x, [2, 4, 6, 9]), /broadcast-to of \[2x4x6x8\].*2x4x6x9/],
    ['concat', (g, x) => concat(g, [x, g.input('b', float(2, 4, 6, 7))], 1), /concat of .*\[2x4x6x7\]/],
    [
      'conv2d',
      (g, x) => conv2d(g, x, g.input('w', float(8, 3, 1, 1)), same([1, 1])),
      /conv2d of \[2x4x6x8\] and \[8x3x1x1\]: 1 groups of 3 input channels do not make 4/,
    ],
    [
      'dropout',
      (g, x) => dropout(g, x, g.input('c', whole(2, 4, 1, 1)), g.input('p', whole(2, 1, 6, 9)), { oneIn: 2 }),
      /dropout of \[2x4x6x8\] and int32\[2x4x1x1\] and int32\[2x1x6x9\]/,
    ],
    ['grid-pool', (g, x) => gridPool(g, x, [0, 1]), /grid-pool of \[2x4x6x8\].*grid.*\[0,1\]/],
    ['matmul', (g, x) => matmul(g, x, g.input('b', float(9, 2))), /matmul of .*8 columns meet 9 rows/],
    ['pad', (g, x) => pad(g, x, { before: [0], after: [0] }), /pad of \[2x4x6x8\]: cannot/],
    [
      'pad that removes all of an axis',
      (g, x) => pad(g, x, { before: [-2, 0, 0, 0], after: [1, 0, 0, 0] }),
      /pad of \[2x4x6x8\]: cannot/,
    ],
    ['reduce-mean', (g, x) => reduceMean(g, x, []), /reduce-mean of \[2x4x6x8\]/],
    ['reduce-sum', (g, x) => reduceSum(g, x, [4]), /reduce-sum of \[2x4x6x8\]: has no axes \[4\]/],
    ['reshape', (g, x) => reshape(g, x, [2, 191]), /reshape of \[2x4x6x8\].*\[2x191\]/],
    [
      'resize-bilinear',
      (g, x) => resizeBilinear(g, x, [0, 3], { alignCorners: true }),
      /resize-bilinear of \[2x4x6x8\].*\[0,3\]/,
    ],
    [
      'slice',
      (g, x) => slice(g, x, { starts: [0, 0, 0, 0], ends: [2, 4, 6, 9] }),
      /slice of \[2x4x6x8\]: has no part from \[0,0,0,0\] to \[2,4,6,9\]/,
    ],
    ['softmax', (g, x) => softmax(g, x, 4), /softmax of \[2x4x6x8\]: has no axis 4/],
    [
      'softmax-cross-entropy',
      (g, x) => softmaxCrossEntropy(g, x, g.input('l', whole(2, 6, 7)), { ignoreLabel: 255 }),
      /softmax-cross-entropy of \[2x4x6x8\] and int32\[2x6x7\]: .*\[2x6x8\]/,
    ],
    ['transpose', (g, x) => transpose(g, x, [0, 1, 2]), /transpose of \[2x4x6x8\]: \[0,1,2\] is no permut/],
  ]

  test.each(rows)('%s', (_, build, message) => {
    const graph = new GraphBuilder()
    const x = graph.input('x', float(2, 4, 6, 8))
    expect(() => graph.within('cell', () => graph.within('branch3', () => build(graph, x)))).toThrow(
      expect.objectContaining({
        name: 'TrellisError',
        code: 'invalid-graph',
        message: expect.stringMatching(new RegExp(`^cell/branch3: ${message.source}`)),
      }),
    )
  })
})
