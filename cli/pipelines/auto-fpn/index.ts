import { TrellisError } from '../../../nas/errors.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'
import { type AutoFpnEstimate, autoFpnEstimate } from '../../../nas/pipelines/auto-fpn/estimate.ts'
import { backboneKey } from '../../../nas/pipelines/auto-fpn/inputs.ts'
import { isRunName } from '../../../nas/pipelines/auto-fpn/origin.ts'
import type { AutoFpnFacts } from '../../../nas/pipelines/auto-fpn/run.ts'
import { methodsOf } from '../../../nas/pipelines/auto-fpn/size.ts'
import { detectorSpecSchema } from '../../../nas/pipelines/auto-fpn/specs.ts'
import { counted } from '../../../report/format.ts'
import { hasWeights, prepareWeights } from '../backbone-weights.ts'
import type { CliPipeline } from '../pipeline.ts'
import { checkBudget } from './budget.ts'
import { count } from './count.ts'
import { autoFpnDurations } from './durations.ts'
import { checkEvolution } from './evolution.ts'
import { readGenotype } from './genotype-input.ts'
import { madeOfAutoFpn } from './made.ts'
import { autoFpnMemory } from './memory.ts'
import { PHASES, phaseByState } from './phases.ts'
import { autoFpnPlan } from './plan.ts'
import { progressFromStore, trialsChosen } from './progress.ts'
import { describeAutoFpn } from './summary.ts'
import { compared, trained } from './trained.ts'

export const autoFpn: CliPipeline<AutoFpnConfig, AutoFpnEstimate, AutoFpnFacts> = {
  withAbsolutePaths: (config, absolute) => {
    const { backbone, search } = config
    const { genotype } = search
    return {
      ...config,
      ...('weights' in backbone && { backbone: { ...backbone, weights: absolute(backbone.weights) } }),
      ...(genotype !== undefined && {
        search: { ...search, genotype: isRunName(genotype) ? genotype : absolute(genotype) },
      }),
    }
  },
  prepareInputs: async (config) => {
    const genotype = await readGenotype(config)
    const { facts, put } = await prepareWeights(ofPyramid(config.backbone), backboneKey)
    return { facts: { ...facts, ...(genotype && { genotype }) }, put }
  },
  hasInputs: (store, record) =>
    hasWeights(store, ofPyramid(record.config.backbone), () => backboneKey(record)),
  besides: () => null,
  made: madeOfAutoFpn,
  estimate: (config, images, throughput, capacity) =>
    autoFpnEstimate(config, autoFpnDurations(config, images, throughput), capacity),
  // The supernets of a module.
  candidates: () => 1,
  checkBudget,
  comparison: ({ byJob }) => byJob.detector,
  withSizes: (config) => config,
  check: checkEvolution,
  memory: autoFpnMemory,
  byPhase: ({ byJob, evaluations }) => [
    ['backbone', byJob.backbone],
    ['features', byJob.features],
    ['neck', byJob.neck],
    ['head', byJob.head],
    ...(evaluations > 0
      ? [[`evolution, ${counted(evaluations, 'detector')}`, byJob.evolution] as const]
      : []),
    ['comparison', byJob.detector],
  ],
  // Section 4.1.
  paper: {
    cardHours: 2 * 8 * 48,
    words: '8 V100 for two days a module, 768 GPU hours, to search on COCO',
  },
  plan: autoFpnPlan,
  phases: Object.values(PHASES),
  phaseByState,
  limits: (phase, config, pending) => {
    if (phase === PHASES.neck || phase === PHASES.head) return { trials: pending ?? methodsOf(config).length }
    return phase === PHASES.evolution
      ? { ...config.budget, trials: config.baselines.evolution?.evaluations }
      : {}
  },
  trialsChosen,
  progressFromStore,
  describe: describeAutoFpn,
  trained,
  graph: (_, spec) => {
    const [height, width] = detectorSpecSchema.parse(spec).image
    throw new TrellisError('invalid-config', `the model of a detector takes images of ${height}x${width}`, {
      fix: 'leave out --input and --batch: it is of one size already',
    })
  },
  compared,
  predictor: async (...of) =>
    (await import('../../../nas/pipelines/auto-fpn/predictor.ts')).autoFpnPredictor(...of),
  front: async () => null,
  count,
  remeasure: () => undefined,
  rerank: null,
}

/** Weights do not depend on the stride at which a backbone ends. */
const ofPyramid = (backbone: AutoFpnConfig['backbone']) => ({ ...backbone, outputStride: 32 }) as const
