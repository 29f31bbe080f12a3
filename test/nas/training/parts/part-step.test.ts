import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import type { Graph, Value } from '../../../../nas/graph/graph.ts'
import { add } from '../../../../nas/graph/ops/add.ts'
import { matmul } from '../../../../nas/graph/ops/matmul.ts'
import { mul } from '../../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../../nas/graph/ops/reshape.ts'
import { sigmoid } from '../../../../nas/graph/ops/sigmoid.ts'
import { AS_WRITTEN } from '../../../../nas/graph/rewrites.ts'
import { random } from '../../../../nas/random.ts'
import { float32, sizeOf, type Tensors } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import {
  accumulation,
  reduce,
  secondAccumulator,
  secondNames,
} from '../../../../nas/training/parts/accumulators.ts'
import { lossStep, partStep } from '../../../../nas/training/parts/part-step.ts'
import { programsOn } from '../../../../nas/training/parts/programs.ts'
import { gradientOf, type Named } from '../../../../nas/training/parts/state.ts'
import { weightsTarget } from '../../../../nas/training/parts/train-target.ts'
import { sgd } from '../../../../nas/training/sgd.ts'
import { trainingStep } from '../../../../nas/training/step.ts'

/*
 * A network of no space: a stem, three branches between the same two feature maps, a head. In parts, on as many threads as
 * there are branches, it does what one graph does.
 */

const engine = await onnxRuntime({ threads: 2, manyPrograms: true })
const optimiser = sgd({ momentum: 0.9, weightDecay: 0.1 })
const [n, width] = [5, 4]
const [before, after]: [Named, Named] = [
  { name: 'before', shape: [n, width] },
  { name: 'after', shape: [n, width] },
]
const BRANCHES = ['branch0', 'branch1', 'branch2']
const named = [before, after].flatMap((each) => [each, gradientOf(each)])
const zeros: Tensors = Object.fromEntries(
  [...named, ...named.map(secondAccumulator)].map(({ name, shape }) => [
    name,
    float32(shape, new Float32Array(sizeOf(shape))),
  ]),
)

const layer = (graph: GraphBuilder, name: string, x: Value, channels = width) => {
  const shape = [x.type.shape[1]!, channels]
  const initialiser = { kind: 'he-normal', fanOut: 2 } as const
  const weight = graph.parameter(name, { dtype: 'float32', shape, role: 'weight', initialiser })
  return sigmoid(graph, matmul(graph, x, weight))
}
const image = (graph: GraphBuilder) => graph.input('image', { dtype: 'float32', shape: [n, 3] })
const lossOf = (graph: GraphBuilder, x: Value) => {
  const y = layer(graph, 'head', x, 1)
  return reshape(graph, reduceSum(graph, mul(graph, y, y), [0, 1]), [])
}

const stem = partStep({
  scope: 'stem',
  from: [],
  to: before,
  writes: 'set',
  needsInputGradient: false,
  build(graph) {
    const y = layer(graph, 'stem', image(graph))
    return { y, target: weightsTarget(graph, optimiser) }
  },
  rewrites: AS_WRITTEN,
})
const branches = BRANCHES.map((scope) =>
  partStep({
    scope,
    from: [before],
    to: after,
    writes: 'add',
    needsInputGradient: true,
    build(graph, [x]) {
      const y = layer(graph, scope, x!)
      return { y, target: weightsTarget(graph, optimiser) }
    },
    rewrites: AS_WRITTEN,
  }),
)
const head = lossStep({
  from: [after],
  build(graph, [x]) {
    const loss = lossOf(graph, x!)
    return { loss, metrics: {}, target: weightsTarget(graph, optimiser) }
  },
  rewrites: AS_WRITTEN,
})
const whole = trainingStep((graph) => {
  const x = layer(graph, 'stem', image(graph))
  const sum = BRANCHES.map((name) => layer(graph, name, x)).reduce((a, b) => add(graph, a, b))
  return { loss: lossOf(graph, sum) }
}, optimiser)

const reduction = (features: Named, hasSecond: boolean): Graph => {
  const graph = new GraphBuilder()
  graph.update(features.name, reduce(graph, features, hasSecond))
  return graph.build({})
}

const rng = random(6)
const inputs = {
  image: float32(
    [n, 3],
    Array.from({ length: 3 * n }, () => rng.normal()),
  ),
  learningRate: float32([], [0.1]),
}

describe('a network in parts', () => {
  it('does what one graph does, and leaves what that leaves', async () => {
    const initial = initialise(whole.parameters, 1)
    const state = engine.state(initial)
    const programs = programsOn(engine, state)
    state.put(zeros)
    const flow = programs.begin(inputs)
    const reductions: string[] = []
    const pass = () =>
      accumulation((features, hasSecond) => {
        reductions.push(`${features.name} ${hasSecond}`)
        flow.start(reduction(features, hasSecond))
      })

    const forward = pass()
    flow.start(stem.forward)
    for (const branch of branches) {
      forward.read(before)
      flow.start(branch.forward, { names: secondNames(forward.add(after) ? [after] : []) })
    }
    forward.read(after)
    const result = flow.start(head)
    const backward = pass()
    const gradient = gradientOf(before)
    for (const { backward: graph, savedActivations: drops } of branches)
      flow.start(graph, { drops, names: secondNames(backward.add(gradient) ? [gradient] : []) })
    backward.read(gradient)
    flow.start(stem.backward, { drops: stem.savedActivations })
    await flow.finished()
    state.drop(Object.keys(zeros))
    const { loss } = await result
    const found = await state.read()
    await programs.dispose()

    const oracle = engine.state(initial)
    const program = await engine.compile(whole)
    const expected = await program.run(oracle, inputs)
    const wanted = await oracle.read()
    await program.dispose()
    expect(reductions).toEqual(['after true', 'before:gradient true'])
    expect(loss!.data[0]).toBeCloseTo(expected.loss!.data[0]!, 5)
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort())
    for (const [name, { data }] of Object.entries(wanted))
      expect([...found[name]!.data], name).toEqual([...data].map((value) => expect.closeTo(value, 5)))
  })

  it('has two programs a part, whose parameters are those of the part and of the step', () => {
    const [{ forward, backward, savedActivations }] = branches as [(typeof branches)[number]]
    expect([...forward.parameters.keys()].sort()).toEqual(['after', 'before', 'branch0'])
    expect([...forward.updates.keys()].sort()).toEqual([...savedActivations, 'after'].sort())
    expect([...backward.updates.keys()].sort()).toEqual(['before:gradient', 'branch0', 'branch0:momentum'])
  })

  it('spares the gradient by features that nothing before them is trained by', () => {
    const { backward } = partStep({
      scope: 'branch',
      from: [before],
      to: after,
      writes: 'add',
      needsInputGradient: false,
      build(graph, [x]) {
        const y = layer(graph, 'branch', x!)
        return { y, target: weightsTarget(graph, optimiser) }
      },
      rewrites: AS_WRITTEN,
    })
    expect([...backward.updates.keys()].sort()).toEqual(['branch', 'branch:momentum'])
  })
})
