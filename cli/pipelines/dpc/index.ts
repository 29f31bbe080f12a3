import { dpcEstimate } from '../../../nas/pipelines/dpc/estimate.ts'
import { rerankSchema } from '../../../nas/pipelines/dpc/rerank.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { count } from '../../../report/format.ts'
import type { CliPipeline, Trained } from '../pipeline.ts'
import { bringWeights } from './backbone-weights.ts'
import { dpcPace } from './pace.ts'
import { dpcPlan } from './plan.ts'
import { begins, checkpoints, chosen, stored } from './progress.ts'
import { describeDpc } from './summary.ts'

/** The search of the paper: 370 GPUs, held for a week to train 28,000 cells for 90 minutes each (DPC sections 3.3 and 4). */
const PAPER = { cards: 370, days: 7, cells: 28_000, minutes: 90 } as const
const HELD = PAPER.cards * PAPER.days * 24

export const dpc: CliPipeline<'dpc'> = {
  machine: 'Dpc',
  withAbsolutePaths: (config, absolute) => {
    const { dataset, backbone } = config
    return {
      ...config,
      dataset: 'path' in dataset ? { ...dataset, path: absolute(dataset.path) } : dataset,
      backbone: 'weights' in backbone ? { ...backbone, weights: absolute(backbone.weights) } : backbone,
    }
  },
  bring: bringWeights,
  estimate: (config, images, speed, capacity) =>
    dpcEstimate(config, dpcPace(config, images, speed), capacity),
  byPhase: ({ byJob, trials }) => [
    ['pretraining', byJob.pretrain],
    ['features', byJob.features],
    [`search, ${count(trials)} trials`, byJob['proxy-task']],
    ['full training', byJob.train],
  ],
  paper: {
    cardHours: HELD,
    words: `${PAPER.cards} for ${PAPER.days} days, ${count(HELD)} GPU hours held, ${count((PAPER.cells * PAPER.minutes) / 60)} of them in ${count(PAPER.cells)} cells`,
  },
  plan: dpcPlan,
  checkpoints,
  begins,
  limits: (phase, { budget }) => (phase === 'search' ? budget : {}),
  chosen,
  stored,
  describe: describeDpc,
  trained,
}

async function trained(store: ObjectStore, run: string): Promise<readonly Trained[]> {
  const { contenders } = await requireJson(
    store,
    runKeys(run).rerank,
    rerankSchema,
    `nothing is trained in full yet: trellis resume ${run}`,
  )
  return contenders
    .flatMap(({ role, score, genotype, trials }) => {
      if (role !== 'searched' || score === null) return []
      const best = trials.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))[0]!
      return [{ trial: best.trial, score, metric: 'mIoU', genotype }]
    })
    .sort((a, b) => b.score - a.score)
}
