import { type DenseNasConfig, spaceOf } from '../../../nas/pipelines/densenas/config.ts'
import type { DenseNasDurations } from '../../../nas/pipelines/densenas/estimate.ts'
import { type CostTable, chainedCost } from '../../../nas/spaces/densenas/expected-cost.ts'
import { workTables } from '../../../nas/spaces/densenas/operation-graphs.ts'
import { relax } from '../../../nas/spaces/densenas/relaxation.ts'
import { blocksOf } from '../../../nas/spaces/densenas/space.ts'
import {
  type Images,
  judged,
  type Throughput,
  TRAINING,
  timesWork,
  together,
  type Work,
} from '../../throughput.ts'

/** How often each operation runs while it is measured. */
const RUNS = 30

/** A sampled layer is run by itself, forward and back: what that takes beside its arithmetic. Measured as the throughput was. */
const SECONDS_A_LAYER = 1e-3

/** By what its networks compute, read and write, as if all operations and all paths were as likely as each other. */
export function denseNasDurations(
  config: DenseNasConfig,
  images: Images,
  throughput: Throughput,
): DenseNasDurations {
  const { search, retrain } = config
  const { fixed, layers, all, sampled, network } = worksOf(config)
  const sampling = (operations: number) =>
    TRAINING * search.batch * throughput.alone(together(fixed, timesWork(operations, sampled))) +
    operations * layers * SECONDS_A_LAYER
  return {
    latency: RUNS * search.cost.batch * throughput.alone(together(fixed, all)),
    evaluation: judged(images) * throughput.job(network),
    secondsPerStep: {
      weights: sampling(1),
      architecture: sampling(2),
      classifier: TRAINING * retrain.batch * throughput.job(network),
    },
  }
}

/** Of one image. */
function worksOf(config: DenseNasConfig) {
  const space = spaceOf(config)
  // The classifier weighs little, whatever the classes.
  const tables = workTables(space, { image: config.image, classes: 10 })
  const work = (of: (costs: CostTable) => number): Work => ({
    multiplyAdds: of(tables.multiplyAdds),
    memoryTraffic: of(tables.memoryTraffic),
  })
  const layersOf = ({ head, stack }: CostTable) => [...head.flat(), ...stack.flat()]
  const { head, stack } = tables.multiplyAdds
  const asLikely = relax({
    head: head.map((inputs) => inputs.map(zeros)),
    stack: stack.map((layers) => layers.map(zeros)),
    beta: blocksOf(space).map(({ outputs }) => zeros(outputs)),
  })
  return {
    layers: layersOf(tables.multiplyAdds).length,
    fixed: work(({ fixed }) => fixed),
    all: work((costs) => sum(layersOf(costs).flat())),
    sampled: work((costs) => sum(layersOf(costs).map((candidates) => mean(candidates)))),
    network: work((costs) => chainedCost(space, asLikely, costs)),
  }
}

const zeros = (numbers: readonly number[]): number[] => numbers.map(() => 0)
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length
