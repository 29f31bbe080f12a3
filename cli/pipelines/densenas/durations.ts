import { type DenseNasConfig, spaceOf } from '../../../nas/pipelines/densenas/config.ts'
import type { DenseNasDurations } from '../../../nas/pipelines/densenas/estimate.ts'
import { chainedCost } from '../../../nas/spaces/densenas/expected-cost.ts'
import { multiplyAddsTable } from '../../../nas/spaces/densenas/operation-graphs.ts'
import { relax } from '../../../nas/spaces/densenas/relaxation.ts'
import { blocksOf } from '../../../nas/spaces/densenas/space.ts'
import { type Images, judged, type Throughput, TRAINING } from '../../throughput.ts'

/** How often each operation runs while it is measured. */
const RUNS = 30

/** A sampled layer is run by itself, forward and back: what that takes beside its arithmetic. Measured as the throughput was. */
const SECONDS_A_LAYER = 1e-3

/** By multiply-adds, as if all operations and all paths were as likely as each other. */
export function denseNasDurations(
  config: DenseNasConfig,
  images: Images,
  throughput: Throughput,
): DenseNasDurations {
  const { search, retrain, image } = config
  const space = spaceOf(config)
  // The classifier weighs little, whatever the classes.
  const costs = multiplyAddsTable(space, { image, classes: 10 })
  const layers = [...costs.head.flat(), ...costs.stack.flat()]
  const sampled = sum(layers.map((candidates) => mean(candidates)))
  const asLikely = relax({
    head: costs.head.map((inputs) => inputs.map(zeros)),
    stack: costs.stack.map((stack) => stack.map(zeros)),
    beta: blocksOf(space).map(({ outputs }) => zeros(outputs)),
  })
  const network = chainedCost(space, asLikely, costs)
  const step = (images: number, multiplyAdds: number) => TRAINING * images * multiplyAdds
  const sampling = (operations: number) =>
    step(search.batch, costs.fixed + operations * sampled) / throughput.alone +
    operations * layers.length * SECONDS_A_LAYER
  return {
    latency: (RUNS * search.cost.batch * (costs.fixed + sum(layers.flat()))) / throughput.alone,
    evaluation: (judged(images) * network) / throughput.job,
    secondsPerStep: {
      weights: sampling(1),
      architecture: sampling(2),
      classifier: step(retrain.batch, network) / throughput.job,
    },
  }
}

const zeros = (numbers: readonly number[]): number[] => numbers.map(() => 0)
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length
