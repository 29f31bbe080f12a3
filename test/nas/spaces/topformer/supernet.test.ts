import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import type { Graph } from '../../../../nas/graph/graph.ts'
import { softCrossEntropy } from '../../../../nas/graph/ops/soft-cross-entropy.ts'
import { rangesOf, structureOf } from '../../../../nas/nets/elastic/structure.ts'
import type { Network } from '../../../../nas/nets/layers.ts'
import { random } from '../../../../nas/random.ts'
import type { TopformerGenotype } from '../../../../nas/spaces/topformer/genotype.ts'
import { segmentationSandwich } from '../../../../nas/spaces/topformer/sandwich.ts'
import { largest, sample, smallest } from '../../../../nas/spaces/topformer/space.ts'
import {
  type SubNetwork,
  supernetContext,
  topformerSupernet,
} from '../../../../nas/spaces/topformer/supernet.ts'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../../../../nas/tensor.ts'
import { gradientStep } from '../../../../nas/training/accumulated-step.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { sandwichGraphs, sandwichStep } from '../../../../nas/training/sandwich.ts'
import { sgd } from '../../../../nas/training/sgd.ts'
import { isWeight } from '../../../../nas/training/step.ts'
import { TINY_SPACE } from './tiny-space.ts'

const engine = await onnxRuntime({ threads: 1 })
const [classes, batch, crop] = [3, 2, [65, 97] as const]
const supernet = topformerSupernet({ space: TINY_SPACE, classes })
const rng = random(3, 'genotypes')
const samples = [sample(TINY_SPACE, rng), sample(TINY_SPACE, rng)]

const image = float32(
  [batch, 3, ...crop],
  Array.from({ length: batch * 3 * 65 * 97 }, () => rng.normal()),
)
const labels = int32(
  [batch, 17, 25],
  Array.from({ length: batch * 17 * 25 }, () => rng.integer(classes)),
)
const logitsShape = [batch, classes, 9, 13]
const target = float32(
  logitsShape,
  Array.from({ length: sizeOf(logitsShape) }, () => 1 / classes),
)

/** Gradients of the distillation loss of a network. */
const student = (network: Network, subNetwork?: SubNetwork): Graph =>
  gradientStep(
    (graph) => ({
      loss: softCrossEntropy(
        graph,
        network(supernetContext(graph, subNetwork), graph.input('image', image)),
        graph.input('target', target),
      ),
    }),
    isWeight,
  )

async function gradients(graph: Graph, weights: Tensors, inputs: Tensors) {
  const program = await engine.compile(graph)
  const state = engine.state({ ...initialise(graph.parameters, 0), ...weights })
  const { loss } = await program.run(state, inputs)
  const after = await state.read()
  state.dispose()
  await program.dispose()
  const names = Object.keys(after).filter((name) => name.endsWith(':gradient'))
  return { loss: loss!.data[0]!, gradients: Object.fromEntries(names.map((name) => [name, after[name]!])) }
}

/** Of all shared parameters, with scales that let every layer take part. */
const weights: Tensors = Object.fromEntries(
  Object.entries(initialise(student(supernet.network).parameters, 5))
    .filter(([name]) => !name.includes(':'))
    .map(([name, tensor]) => {
      const drawn = () => 0.5 + random(1, name).uniform()
      const { shape } = tensor
      return [
        name,
        name.endsWith('/gamma') ? float32(shape, Array.from({ length: sizeOf(shape) }, drawn)) : tensor,
      ]
    }),
)

const largestOf = ({ data }: Tensor): number => {
  let most = 0
  for (const value of data) most = Math.max(most, Math.abs(value))
  return most
}

const difference = (a: Tensor, b: Tensor): Tensor =>
  float32(
    a.shape,
    [...a.data].map((value, i) => value - b.data[i]!),
  )

/** Up to rounding, relative to the largest number of each, where it is not small beside all others. */
function expectAlike(found: Tensors, expected: Tensors) {
  const most = Math.max(...Object.values(expected).map(largestOf))
  for (const [name, tensor] of Object.entries(expected))
    expect(largestOf(difference(found[name]!, tensor)), name).toBeLessThan(
      1e-2 * Math.max(largestOf(tensor), 1e-2 * most),
    )
}

/** Gradients of a network of its own, put in their places among the shared parameters; zeros elsewhere. */
async function denseGradients(genotype: TopformerGenotype, probabilities: Tensor) {
  const network = supernet.networkOf(genotype)
  const dense = await gradients(student(network), supernet.inherit(genotype, weights), {
    image,
    target: probabilities,
  })
  const shared = structureOf(supernet.network, [1, 3, 65, 65])
  const own = structureOf(network, [1, 3, 65, 65])
  const scattered = Object.entries(weights).map(([name, { shape }]) => {
    const whole = float32(shape, new Float32Array(sizeOf(shape)))
    const part = dense.gradients[`${name}:gradient`]
    if (part !== undefined) scatter(whole, part, rangesOf(shared.get(name)!, own.get(name)!))
    return [`${name}:gradient`, whole]
  })
  return { loss: dense.loss, gradients: Object.fromEntries(scattered) as Tensors }
}

function scatter(whole: Tensor, part: Tensor, ranges: ReturnType<typeof rangesOf>) {
  const kept = ranges.map((ofAxis) =>
    ofAxis.flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i)),
  )
  expect(kept.map(({ length }) => length)).toEqual(part.shape)
  for (const [from, value] of part.data.entries()) {
    let [rest, to, stride] = [from, 0, 1]
    for (let axis = kept.length - 1; axis >= 0; axis--) {
      to += kept[axis]![rest % kept[axis]!.length]! * stride
      rest = Math.floor(rest / kept[axis]!.length)
      stride *= whole.shape[axis]!
    }
    whole.data[to] = value
  }
}

describe.each([
  ['the smallest', smallest(TINY_SPACE)],
  ['the largest', largest(TINY_SPACE)],
  ...samples.map((genotype, i) => [`sample ${i}`, genotype] as const),
] as const)('%s', (_, genotype) => {
  it('has the loss and the gradients of a dense network, as slices and by masks', async () => {
    const dense = await denseGradients(genotype, target)
    const sliced = await gradients(
      student(supernet.networkOf(genotype), supernet.sliced(genotype)),
      weights,
      {
        image,
        target,
      },
    )
    const masked = await gradients(student(supernet.network, supernet.masked), weights, {
      image,
      target,
      ...supernet.masks(genotype),
    })
    expect(sliced.loss).toBeCloseTo(dense.loss, 4)
    expect(masked.loss).toBeCloseTo(dense.loss, 4)
    expectAlike(masked.gradients, dense.gradients)
    const zeros = Object.fromEntries(
      Object.entries(dense.gradients).filter(([name]) => !(name in sliced.gradients)),
    )
    expect(Object.values(zeros).every(({ data }) => data.every((value) => value === 0))).toBe(true)
    expectAlike({ ...zeros, ...sliced.gradients }, dense.gradients)
  })
})

it('a sandwich step leaves the same bytes whether one core does it or two', async () => {
  const task = {
    ...{ supernet, smallest: smallest(TINY_SPACE), batch, crop, clip: 1 },
    optimiser: sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  }
  const left = []
  for (const cores of [1, 2]) {
    const shared = await onnxRuntime({ threads: cores, manyPrograms: true })
    const graphs = sandwichGraphs(segmentationSandwich(task), shared.rewrites)
    const state = shared.state({ ...initialise(graphs.parameters, 0), ...weights })
    const step = await sandwichStep(shared, state, graphs, () => samples.map(supernet.masks), 0)
    for (let i = 0; i < 2; i++) await step.run({ image, labels, learningRate: float32([], [0.1]) })
    left.push(await state.read())
  }
  expect(left[1]).toEqual(left[0])
})

it.each([
  ['one after the other', engine],
  ['side by side', await onnxRuntime({ threads: 2, manyPrograms: true })],
])(
  'a sandwich step is the sum of the gradients of its networks, %s, clipped and applied once',
  async (_, engine) => {
    const [rate, clip] = [0.1, 0.1]
    const task = {
      supernet,
      smallest: smallest(TINY_SPACE),
      batch,
      crop,
      clip,
      optimiser: sgd({ momentum: 0, weightDecay: 0 }),
    }
    const graphs = sandwichGraphs(segmentationSandwich(task), engine.rewrites)
    const initial = { ...initialise(graphs.parameters, 0), ...weights }
    const teacher = await engine.compile(graphs.largest)
    const before = engine.state(initial)
    const { target: probabilities } = await teacher.run(before, { image, labels })
    const ofLabels = await before.read()
    const networks = [smallest(TINY_SPACE), ...samples]
    const students = await Promise.all(networks.map((genotype) => denseGradients(genotype, probabilities!)))

    const state = engine.state(initial)
    const step = await sandwichStep(engine, state, graphs, () => samples.map(supernet.masks), 0)
    await step.run({ image, labels, learningRate: float32([], [rate]) })
    const after = await state.read()
    for (const name of [...graphs.parameters.keys()].filter((each) => each.includes(':gradient')))
      expect(new Set(after[name]!.data), name).toEqual(new Set([0]))

    const sums = Object.fromEntries(
      Object.keys(weights).map((name) => {
        const all = [ofLabels, ...students.map((each) => each.gradients)].map(
          (of) => of[`${name}:gradient`]!.data,
        )
        return [
          name,
          weights[name]!.data.map((_, i) => all.reduce((sum, data) => sum + data[i]!, 0)) as Float32Array,
        ]
      }),
    )
    const norm = Math.sqrt(
      Object.values(sums).reduce((sum, data) => sum + data.reduce((s, v) => s + v * v, 0), 0),
    )
    expect(norm).toBeGreaterThan(clip)
    const moved = (of: (name: string, i: number) => number) =>
      Object.fromEntries(
        Object.entries(weights).map(([name, { shape, data }]) => [
          name,
          float32(
            shape,
            [...data.keys()].map((i) => of(name, i)),
          ),
        ]),
      )
    expectAlike(
      moved((name, i) => (weights[name]!.data[i]! - after[name]!.data[i]!) / rate),
      moved((name, i) => (sums[name]![i]! * clip) / norm),
    )
  },
)
