import type { TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import { type TopformerEstimate, topformerEstimate } from '../../../nas/pipelines/topformer/estimate.ts'
import type { PretrainConfig } from '../../../nas/pipelines/topformer/pretrain-config.ts'
import type { TopformerFacts } from '../../../nas/pipelines/topformer/run.ts'
import { topformerSize } from '../../../nas/pipelines/topformer/size.ts'
import { trainSpecSchema, variedIn } from '../../../nas/pipelines/topformer/specs.ts'
import { trainTask } from '../../../nas/pipelines/topformer/task.ts'
import { segmentationGraph } from '../../../nas/training/segmentation.ts'
import { count as thousands } from '../../../report/format.ts'
import type { CliPipeline } from '../pipeline.ts'
import { checkBudget } from './budget.ts'
import { count } from './count.ts'
import { topformerDurations } from './durations.ts'
import { hasSupernetInputs, prepareSupernet } from './inputs.ts'
import { checkLimits } from './limits.ts'
import { madeOfTopformer } from './made.ts'
import { topformerMemory } from './memory.ts'
import { PHASES, phaseByState } from './phases.ts'
import { topformerPlan } from './plan.ts'
import { progressFromStore, trialsChosen } from './progress.ts'
import { describeTopformer } from './summary.ts'
import { compared, trained } from './trained.ts'

export const topformer: CliPipeline<TopformerConfig, TopformerEstimate, TopformerFacts> = {
  withAbsolutePaths,
  prepareInputs: prepareSupernet,
  hasInputs: hasSupernetInputs,
  besides: ({ config: { pretrain }, pretraining }) =>
    pretrain !== undefined && 'dataset' in pretrain
      ? { source: pretrain.dataset, facts: pretraining! }
      : null,
  made: madeOfTopformer,
  estimate: (config, images, throughput, capacity) =>
    topformerEstimate(config, topformerDurations(config, images, throughput), capacity),
  candidates: ({ evaluations }) => evaluations,
  checkBudget,
  comparison: ({ byJob }) => byJob.train,
  withSizes: (config) => config,
  check: checkLimits,
  memory: topformerMemory,
  byPhase: ({ byJob, evaluations }) => [
    ['latencies', byJob.latency],
    ...(byJob.pretrain.hours > 0 ? [['pretraining', byJob.pretrain] as const] : []),
    ['supernet', byJob.supernet],
    [`search, ${thousands(evaluations)} evaluations`, byJob.evaluate],
    ['comparison', byJob.train],
  ],
  // Section 4.1.
  paper: {
    cardHours: (8 * 15 + 3) * 24,
    words: '8 V100 for 15 days to train both supernets, then one for 3 days to search',
  },
  plan: topformerPlan,
  phases: Object.values(PHASES),
  phaseByState,
  limits: (phase, config, pending) => {
    if (phase === PHASES.pretraining) return { trials: 1 }
    if (phase === PHASES.supernet) return { trials: pending ?? variedIn({ config }).length }
    return phase === PHASES.search ? { ...config.budget, trials: topformerSize(config).trials } : {}
  },
  trialsChosen,
  progressFromStore,
  describe: describeTopformer,
  trained,
  graph: (_, spec, [images, , ...size]) =>
    segmentationGraph(trainTask(trainSpecSchema.parse(spec), images, size)),
  compared,
  predictor: async (...of) =>
    (await import('../../../nas/pipelines/topformer/predictor.ts')).topformerPredictor(...of),
  front: async (...of) =>
    (await import('../../../nas/pipelines/topformer/front-networks.ts')).frontNetworks(...of),
  count,
  remeasure,
  rerank: null,
}

function withAbsolutePaths(config: TopformerConfig, absolute: (path: string) => string): TopformerConfig {
  const { pretrain, supernet } = config
  return {
    ...config,
    ...(pretrain && { pretrain: withAbsolutePath(pretrain, absolute) }),
    ...(supernet.weights !== undefined && {
      supernet: { ...supernet, weights: absolute(supernet.weights) },
    }),
  }
}

function withAbsolutePath(pretrain: PretrainConfig, absolute: (path: string) => string): PretrainConfig {
  if ('weights' in pretrain) return { weights: absolute(pretrain.weights) }
  const { dataset } = pretrain
  return dataset.kind === 'shapes'
    ? pretrain
    : { ...pretrain, dataset: { ...dataset, path: absolute(dataset.path) } }
}

function remeasure(config: TopformerConfig, measurement: number): TopformerConfig | undefined {
  const { search } = config
  return search.limit.of === 'latency'
    ? { ...config, search: { ...search, limit: { ...search.limit, measurement } } }
    : undefined
}
