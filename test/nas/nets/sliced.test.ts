import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import type { GraphBuilder } from '../../../nas/graph/builder.ts'
import { same } from '../../../nas/graph/convolution.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { conv2d } from '../../../nas/graph/ops/conv2d.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { sigmoid } from '../../../nas/graph/ops/sigmoid.ts'
import { sliced } from '../../../nas/nets/sliced.ts'
import { random } from '../../../nas/random.ts'
import { float32, sizeOf, type Tensor } from '../../../nas/tensor.ts'
import { gradientStep } from '../../../nas/training/accumulated-step.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { isWeight, type Objective, trainingStep } from '../../../nas/training/step.ts'

const engine = await onnxRuntime({ threads: 1 })

type Ranges = Parameters<typeof sliced>[3]

/** A layer with a shared weight, of which a sub-network has some ranges. */
interface Case {
  readonly name: string
  readonly x: readonly number[]
  readonly weight: readonly number[]
  readonly ranges: Ranges
  /** Axis of the output that the first axis of the weight becomes, and of the input that the second reads. */
  readonly axes: { readonly output: number; readonly input: number }
  readonly layer: (graph: GraphBuilder, x: Value, weight: Value) => Value
}

const convolution: Case['layer'] = (graph, x, weight) => {
  const [height, width] = weight.type.shape.slice(2) as [number, number]
  return conv2d(graph, x, weight, same([height, width]))
}
const projection: Case['layer'] = (graph, x, weight) => matmul(graph, x, weight, { a: false, b: true })

const cases: readonly Case[] = [
  {
    name: 'the first channels and the centre of a kernel',
    x: [2, 4, 5, 5],
    weight: [6, 4, 5, 5],
    ranges: [[[0, 3]], [[0, 2]], [[1, 4]], [[1, 4]]],
    axes: { output: 1, input: 1 },
    layer: convolution,
  },
  {
    name: 'unions of ranges along both axes of channels',
    x: [2, 6, 4, 4],
    weight: [7, 6, 3, 3],
    ranges: [
      [
        [0, 2],
        [4, 5],
      ],
      [
        [1, 2],
        [3, 6],
      ],
    ],
    axes: { output: 1, input: 1 },
    layer: convolution,
  },
  {
    name: 'whole heads of a projection',
    x: [3, 5],
    weight: [12, 5],
    ranges: [
      [
        [0, 3],
        [9, 12],
      ],
      undefined,
    ],
    axes: { output: 1, input: 1 },
    layer: projection,
  },
]

const inRanges = (ranges: Ranges, axis: number, i: number): boolean =>
  ranges[axis]?.some(([start, end]) => start <= i && i < end) ?? true

/** Which elements of a tensor are selected, by their indices. */
function mask(shape: readonly number[], selects: (indices: readonly number[]) => boolean): Tensor {
  const indicesOf = (i: number) => {
    let rest = i
    return shape
      .toReversed()
      .map((length) => {
        const index = rest % length
        rest = Math.floor(rest / length)
        return index
      })
      .reverse()
  }
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => (selects(indicesOf(i)) ? 1 : 0)),
  )
}

const selected = ({ data }: Tensor, { data: chosen }: Tensor): number[] =>
  [...data].filter((_, i) => chosen[i] === 1)

describe.each(cases)('$name', ({ x: xShape, weight: shape, ranges, axes, layer }) => {
  const declared = {
    dtype: 'float32',
    shape,
    role: 'weight',
    initialiser: { kind: 'he-normal', fanOut: 2 },
  } as const
  const ofWeight = mask(shape, (indices) => indices.every((i, axis) => inRanges(ranges, axis, i)))
  const ofInput = mask(xShape, (indices) => inRanges(ranges, 1, indices[axes.input]!))
  const yShape = xShape.with(axes.output, shape[0]!)
  const ofOutput = mask(yShape, (indices) => inRanges(ranges, 0, indices[axes.output]!))
  const rng = random(1, ...shape)
  const x = float32(
    xShape,
    Array.from({ length: sizeOf(xShape) }, () => rng.normal()),
  )
  const xOfSlice = float32(
    xShape.with(axes.input, selected(x, ofInput).length / (x.data.length / xShape[axes.input]!)),
    selected(x, ofInput),
  )

  const sum = (graph: GraphBuilder, y: Value) =>
    reshape(graph, reduceSum(graph, y, [...y.type.shape.keys()]), [])
  const ofSubNetwork = (graph: GraphBuilder): Objective => {
    const y = layer(graph, graph.input('x', xOfSlice), sliced(graph, 'weight', declared, ranges))
    return { loss: sum(graph, sigmoid(graph, y)), metrics: { y } }
  }
  const ofMaskedNetwork = (graph: GraphBuilder): Objective => {
    const weight = mul(graph, graph.parameter('weight', declared), graph.constant(ofWeight))
    const y = layer(graph, graph.input('x', x), weight)
    const counted = mul(graph, sigmoid(graph, y), graph.constant(ofOutput))
    return { loss: sum(graph, counted), metrics: { y } }
  }

  async function run(forward: (graph: GraphBuilder) => Objective, input: Tensor) {
    const graph = gradientStep(forward, isWeight)
    const program = await engine.compile(graph)
    const state = engine.state(initialise(graph.parameters, 3))
    const { y } = await program.run(state, { x: input })
    return { y: y!, gradient: (await state.read())['weight:gradient']! }
  }

  it('computes what the whole layer does with all else masked, and has its gradient', async () => {
    const found = await run(ofSubNetwork, xOfSlice)
    const expected = await run(ofMaskedNetwork, x)
    const close = (values: Iterable<number>) => [...values].map((value) => expect.closeTo(value, 4))
    expect([...found.y.data]).toEqual(close(selected(expected.y, ofOutput)))
    expect(found.gradient.shape).toEqual(shape)
    expect([...found.gradient.data]).toEqual(close(expected.gradient.data))
    const outside = [...found.gradient.data].filter((_, i) => ofWeight.data[i] === 0)
    expect(outside.length).toBeGreaterThan(0)
    expect(outside.every((value) => value === 0)).toBe(true)
    expect(found.gradient.data.some((value) => value !== 0)).toBe(true)
  })

  it('is trained, and in checkpoints, as the shared parameter', () => {
    const { parameters, updates } = trainingStep(ofSubNetwork, sgd({ momentum: 0.9, weightDecay: 0 }))
    const shapes = [...parameters].map(([name, { parameter }]) => [name, parameter.shape])
    expect(shapes).toEqual([
      ['weight', shape],
      ['weight:momentum', shape],
    ])
    expect([...updates.keys()].sort()).toEqual(['weight', 'weight:momentum'])
  })
})
