import { backboneKey } from '../../../nas/pipelines/dpc/backbone.ts'
import { cellTask } from '../../../nas/pipelines/dpc/cell-task.ts'
import { baselineCount, type DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import { withCrops } from '../../../nas/pipelines/dpc/crops.ts'
import { type DpcEstimate, dpcEstimate } from '../../../nas/pipelines/dpc/estimate.ts'
import type { DpcFacts } from '../../../nas/pipelines/dpc/run.ts'
import { trainSpecSchema } from '../../../nas/pipelines/dpc/specs.ts'
import { segmentationGraph } from '../../../nas/training/segmentation.ts'
import { count as thousands } from '../../../report/format.ts'
import { hasWeights, prepareWeights } from '../backbone-weights.ts'
import type { CliPipeline } from '../pipeline.ts'
import { checkBudget } from './budget.ts'
import { count } from './count.ts'
import { dpcDurations } from './durations.ts'
import { madeOfDpc } from './made.ts'
import { dpcMemory } from './memory.ts'
import { PHASES, phaseByState } from './phases.ts'
import { dpcPlan } from './plan.ts'
import { progressFromStore, trialsChosen } from './progress.ts'
import { describeDpc } from './summary.ts'
import { compared, ranking, trained } from './trained.ts'

/** The search of the paper: 370 GPUs, held for a week to train 28,000 cells for 90 minutes each (DPC sections 3.3 and 4). */
const PAPER = { cards: 370, days: 7, cells: 28_000, minutes: 90 } as const
const HELD = PAPER.cards * PAPER.days * 24

export const dpc: CliPipeline<DpcConfig, DpcEstimate, DpcFacts> = {
  withAbsolutePaths: (config, absolute) => {
    const { backbone } = config
    return 'weights' in backbone
      ? { ...config, backbone: { ...backbone, weights: absolute(backbone.weights) } }
      : config
  },
  prepareInputs: ({ backbone }) => prepareWeights(backbone, backboneKey),
  hasInputs: (store, record) => hasWeights(store, record.config.backbone, () => backboneKey(record)),
  besides: () => null,
  made: madeOfDpc,
  estimate: (config, images, throughput, capacity) =>
    dpcEstimate(config, dpcDurations(config, images, throughput), capacity),
  candidates: ({ trials }) => trials,
  checkBudget,
  comparison: ({ byJob }) => byJob.train,
  withSizes: withCrops,
  check: () => {},
  memory: dpcMemory,
  byPhase: ({ byJob, trials }) => [
    ['pretraining', byJob.pretrain],
    ['features', byJob.features],
    [`search, ${thousands(trials)} trials`, byJob['proxy-task']],
    ['full training', byJob.train],
  ],
  paper: {
    cardHours: HELD,
    words: `${PAPER.cards} for ${PAPER.days} days, ${thousands(HELD)} GPU hours held, ${thousands((PAPER.cells * PAPER.minutes) / 60)} of them in ${thousands(PAPER.cells)} cells`,
  },
  plan: dpcPlan,
  phases: Object.values(PHASES),
  phaseByState,
  limits: (phase, config) => (phase === PHASES.search ? withBaselines(config) : {}),
  trialsChosen,
  progressFromStore,
  describe: describeDpc,
  trained,
  graph: ({ config }, spec, [images, , ...size]) =>
    segmentationGraph(cellTask(config, trainSpecSchema.parse(spec), images, size)),
  compared,
  predictor: async (...of) => (await import('../../../nas/pipelines/dpc/predictor.ts')).dpcPredictor(...of),
  front: async () => null,
  count,
  remeasure: () => undefined,
  rerank: { machine: 'Revision', ranking },
}

/** The baselines are scored beside the candidates that the budget allows. */
const withBaselines = (config: DpcConfig): DpcConfig['budget'] => {
  const { trials, ...others } = config.budget
  return trials === undefined ? others : { ...others, trials: trials + baselineCount(config) }
}
