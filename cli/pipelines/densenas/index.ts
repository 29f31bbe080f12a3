import { comparisonSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { denseNasEstimate } from '../../../nas/pipelines/densenas/estimate.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import type { CliPipeline, Trained } from '../pipeline.ts'
import { checkBudget } from './budget.ts'
import { bringLatencyTable } from './latency-table.ts'
import { denseNasPace } from './pace.ts'
import { denseNasPlan } from './plan.ts'
import { begins, checkpoints, chosen, stored } from './progress.ts'
import { describeDenseNas } from './summary.ts'

export const denseNas: CliPipeline<'densenas'> = {
  machine: 'DenseNas',
  withAbsolutePaths: (config, absolute) => {
    const { dataset, search } = config
    const { table } = search.cost
    return {
      ...config,
      dataset: 'path' in dataset ? { ...dataset, path: absolute(dataset.path) } : dataset,
      search: table === undefined ? search : { ...search, cost: { ...search.cost, table: absolute(table) } },
    }
  },
  bring: bringLatencyTable,
  estimate: (config, images, speed, capacity) =>
    denseNasEstimate(config, images.train, denseNasPace(config, speed), capacity),
  checkBudget,
  byPhase: ({ byJob }) => [
    ['latencies', byJob.latency],
    ['supernet', byJob.supernet],
    ['comparison', byJob.classifier],
  ],
  // Table 2.
  paper: {
    cardHours: 92,
    words: '4 TITAN Xp for 23 hours, 92 GPU hours, to search on 100 classes of ImageNet',
  },
  plan: denseNasPlan,
  checkpoints,
  begins,
  limits: () => ({}),
  chosen,
  stored,
  describe: describeDenseNas,
  trained,
}

async function trained(store: ObjectStore, run: string): Promise<readonly Trained[]> {
  const { winner } = await requireJson(
    store,
    runKeys(run).comparison,
    comparisonSchema,
    `nothing is trained in full yet: trellis resume ${run}`,
  )
  return [{ ...winner, metric: 'top-1' }]
}
