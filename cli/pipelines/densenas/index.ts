import { classifierTask } from '../../../nas/pipelines/densenas/classifier-task.ts'
import type { DenseNasConfig } from '../../../nas/pipelines/densenas/config.ts'
import { type DenseNasEstimate, denseNasEstimate } from '../../../nas/pipelines/densenas/estimate.ts'
import type { DenseNasFacts } from '../../../nas/pipelines/densenas/run.ts'
import { classifierSpecSchema } from '../../../nas/pipelines/densenas/specs.ts'
import { classificationGraph } from '../../../nas/training/classification.ts'
import type { CliPipeline } from '../pipeline.ts'
import { checkBudget } from './budget.ts'
import { count } from './count.ts'
import { denseNasDurations } from './durations.ts'
import { hasLatencyTable, prepareLatencyTable } from './latency-table.ts'
import { madeOfDenseNas } from './made.ts'
import { PHASES, phaseByState } from './phases.ts'
import { denseNasPlan } from './plan.ts'
import { progressFromStore, trialsChosen } from './progress.ts'
import { describeDenseNas } from './summary.ts'
import { compared, trained } from './trained.ts'

export const denseNas: CliPipeline<DenseNasConfig, DenseNasEstimate, DenseNasFacts> = {
  withAbsolutePaths: (config, absolute) => {
    const { search } = config
    const { table } = search.cost
    return table === undefined
      ? config
      : { ...config, search: { ...search, cost: { ...search.cost, table: absolute(table) } } }
  },
  prepareInputs: prepareLatencyTable,
  hasInputs: hasLatencyTable,
  besides: () => null,
  made: madeOfDenseNas,
  estimate: (config, images, throughput, capacity) =>
    denseNasEstimate(config, images.train, denseNasDurations(config, images, throughput), capacity),
  // The supernet.
  candidates: () => 1,
  checkBudget,
  comparison: ({ byJob }) => byJob.classifier,
  withSizes: (config) => config,
  check: () => {},
  memory: () => null,
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
  phases: Object.values(PHASES),
  phaseByState,
  limits: () => ({}),
  trialsChosen,
  progressFromStore,
  describe: describeDenseNas,
  trained,
  graph: (_, spec, [images, , ...size]) =>
    classificationGraph(classifierTask(classifierSpecSchema.parse(spec), images, size)),
  compared,
  predictor: async (...of) =>
    (await import('../../../nas/pipelines/densenas/predictor.ts')).denseNasPredictor(...of),
  front: async () => null,
  count,
  remeasure,
  rerank: null,
}

function remeasure(config: DenseNasConfig, measurement: number): DenseNasConfig | undefined {
  const { search } = config
  const { kind, table } = search.cost
  if (kind !== 'latency' || table !== undefined) return undefined
  return { ...config, search: { ...search, cost: { ...search.cost, measurement } } }
}
