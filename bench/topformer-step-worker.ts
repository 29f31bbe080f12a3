import { availableParallelism } from 'node:os'
import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import { random } from '../nas/random.ts'
import { costOf } from '../nas/spaces/topformer/cost.ts'
import type { TopformerGenotype } from '../nas/spaces/topformer/genotype.ts'
import { TOPFORMER_SPACES } from '../nas/spaces/topformer/presets.ts'
import { segmentationSandwich } from '../nas/spaces/topformer/sandwich.ts'
import { EVALUATED_AT_ONCE, inheritedWeights, scored } from '../nas/spaces/topformer/sub-networks.ts'
import { topformerSupernet } from '../nas/spaces/topformer/supernet.ts'
import { float32, int32, sizeOf } from '../nas/tensor.ts'
import { initialise } from '../nas/training/initialise.ts'
import { sandwichGraphs, sandwichStep } from '../nas/training/sandwich.ts'
import { LABEL_STRIDE, subsampled } from '../nas/training/segmentation.ts'
import { sgd } from '../nas/training/sgd.ts'
import { timed } from './timed.ts'
import { WARM_UP } from './topformer-networks.ts'

/* The supernet of bench/topformer-step.ts: a step, or the evaluation of a sample. */

const [phase, json, steps] = process.argv.slice(2) as [string, string, string]
const networks = JSON.parse(json) as {
  readonly largest: TopformerGenotype
  readonly smallest: TopformerGenotype
  /** By step. */
  readonly samples: readonly (readonly TopformerGenotype[])[]
}
const [batch, classes, crop] = [EVALUATED_AT_ONCE, 10, [128, 256] as const]

const rng = random(0, 'bench')
const shape = [batch, 3, ...crop] as const
/** Of each half of an evaluation. */
const BATCHES = 8
const images = Array.from({ length: BATCHES }, () =>
  float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  ),
)
const labelShape = [batch, ...subsampled(crop, LABEL_STRIDE)]
const labels = int32(
  labelShape,
  Int32Array.from({ length: sizeOf(labelShape) }, () => rng.integer(classes)),
)

const engine = await onnxRuntime(
  phase === 'step' ? { threads: availableParallelism(), manyPrograms: true } : { threads: 1 },
)
const supernet = topformerSupernet({ space: TOPFORMER_SPACES['topformer-street'], classes })
const graphs = sandwichGraphs(
  segmentationSandwich({
    ...{ supernet, smallest: networks.smallest, batch, crop, clip: 1 },
    optimiser: sgd({ momentum: 0.9, weightDecay: 4e-5 }),
  }),
  engine.rewrites,
)
const initial = initialise(graphs.parameters, 0)

async function training() {
  const samples = (step: number) => networks.samples[step]!.map((genotype) => supernet.masks(genotype))
  const { run } = await sandwichStep(engine, engine.state(initial), graphs, samples, 0)
  return () => run({ image: images[0]!, labels, learningRate: float32([], [0.01]) })
}

async function evaluation() {
  const weights = Object.fromEntries(Object.entries(initial).filter(([name]) => !name.includes(':')))
  const batches = async function* () {
    for (const image of images) yield { image }
  }
  return async (number: number) => {
    const genotype = networks.samples[number]![0]!
    const inherited = await inheritedWeights(engine, { supernet, weights }, genotype, shape, batches())
    const network = { network: supernet.networkOf(genotype), weights: inherited }
    await scored(engine, network, shape, async ({ program, state }) => {
      for (const image of images) await program.run(state, { image })
    })
  }
}

const counted = [networks.largest, networks.smallest, networks.samples[0]![0]!]
await timed(await (phase === 'step' ? training() : evaluation()), WARM_UP, Number(steps), {
  parameters: counted.map((genotype) => costOf(genotype, { size: crop, classes }).parameters),
})
