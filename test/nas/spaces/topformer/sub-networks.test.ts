import { expect, it } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { running } from '../../../../nas/engines/running.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { freeze } from '../../../../nas/graph/freeze.ts'
import type { Value } from '../../../../nas/graph/graph.ts'
import { random } from '../../../../nas/random.ts'
import type { TopformerGenotype } from '../../../../nas/spaces/topformer/genotype.ts'
import { sample, smallest } from '../../../../nas/spaces/topformer/space.ts'
import { evaluationGraph, inheritedWeights } from '../../../../nas/spaces/topformer/sub-networks.ts'
import { supernetContext, topformerSupernet } from '../../../../nas/spaces/topformer/supernet.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { TINY_SPACE } from './tiny-space.ts'

const engine = await onnxRuntime({ threads: 1 })
const supernet = topformerSupernet({ space: TINY_SPACE, classes: 3 })
const shape = [2, 3, 65, 97] as const
const rng = random(4, 'images')
const images = Array.from({ length: 3 }, () =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  ),
) as [Tensor, Tensor, Tensor]
const batches = async function* (): AsyncGenerator<{ readonly image: Tensor }> {
  for (const image of images.slice(0, 2)) yield { image }
}

/** The largest network with masks, in the modes of evaluation and of training, whose outputs are statistics of a batch. */
function masked(mode: 'evaluation' | 'training') {
  const graph = new GraphBuilder()
  const outputs: Record<string, Value> = {}
  const onStatistics = (scope: string, { mean, variance }: { mean: Value; variance: Value }) => {
    outputs[`${scope}/mean`] = mean
    outputs[`${scope}/variance`] = variance
  }
  const context = { ...supernetContext(graph, supernet.masked), mode, onStatistics }
  const logits = supernet.network(context, graph.input('image', { dtype: 'float32', shape }))
  return graph.build(mode === 'training' ? outputs : { logits })
}

const weights: Tensors = Object.fromEntries(
  Object.entries(initialise(masked('evaluation').parameters, 6))
    .filter(([name]) => !/(mean|variance)$/.test(name))
    .map(([name, tensor]) => {
      const { shape } = tensor
      const scales = () => float32(shape, Array<number>(sizeOf(shape)).fill(0.6))
      return [name, name.endsWith('/gamma') ? scales() : tensor]
    }),
)

/** Statistics, as means over both batches, and logits, all by masks. */
async function byMasks(genotype: TopformerGenotype) {
  const masks = supernet.masks(genotype)
  const [first, second] = await running(engine, masked('training'), weights, async ({ program, state }) => [
    await program.run(state, { image: images[0], ...masks }),
    await program.run(state, { image: images[1], ...masks }),
  ])
  const statistics = Object.fromEntries(
    Object.entries(first!).map(([name, { shape, data }]) => [
      name,
      float32(
        shape,
        [...data].map((x, i) => (x + second![name]!.data[i]!) / 2),
      ),
    ]),
  )
  const all = { ...weights, ...statistics }
  const { logits } = await running(engine, masked('evaluation'), all, ({ program, state }) =>
    program.run(state, { image: images[2], ...masks }),
  )
  return { weights: supernet.inherit(genotype, all), logits: logits! }
}

const largest = (data: Iterable<number>) => [...data].reduce((most, x) => Math.max(most, Math.abs(x)), 0)
const difference = (a: Tensor, b: Tensor) => largest([...a.data].map((x, i) => x - b.data[i]!))

it('networks that inherit weights, with statistics of their own, are the largest network with masks', async () => {
  for (const genotype of [sample(TINY_SPACE, rng), smallest(TINY_SPACE), sample(TINY_SPACE, rng)]) {
    const expected = await byMasks(genotype)
    const found = await inheritedWeights(engine, { supernet, weights }, genotype, shape, batches())
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected.weights).sort())
    for (const [name, tensor] of Object.entries(expected.weights)) {
      expect(found[name]!.shape, name).toEqual(tensor.shape)
      const most = Math.max(largest(tensor.data), 1e-2)
      expect(difference(tensor, found[name]!), name).toBeLessThan(1e-3 * most)
    }
    const graph = freeze(evaluationGraph(supernet.networkOf(genotype), shape), found)
    const { logits } = await running(engine, graph, {}, ({ program, state }) =>
      program.run(state, { image: images[2] }),
    )
    expect(difference(expected.logits, logits!)).toBeLessThan(1e-3 * largest(expected.logits.data))
  }
})
