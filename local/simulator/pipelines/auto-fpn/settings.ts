import type { Random } from '../../../../nas/random.ts'

/** A budget is used up before any baseline is trained, or lasts whatever happens. */
const BUDGETS = [{}, { budget: { gpuHours: 1000 } }, { budget: { gpuHours: 0.001 } }]

const TWO_STAGE = { channels: 4, hidden: 4, cell: 4, regions: 1, proposals: 1 }
const ONE_STAGE = { kind: 'one-stage', levels: 3, channels: 4, candidates: 1 }

/** A quarter of those whose neck alone is searched: a draw of its own would change all that is drawn after it. */
const isOneStage = (search: {
  readonly modules: string
  readonly stepTraining: boolean
  readonly resourceConstraint: boolean
}): boolean => search.modules === 'neck' && !search.stepTraining && search.resourceConstraint

const EVOLUTION = { population: 2, tournament: 2, evaluations: 5, perRound: 2, steps: 1 }

export function settings(rng: Random) {
  const search = {
    modules: rng.pick(['both', 'both', 'neck', 'head']),
    freezeBackbone: rng.pick([true, true, false]),
    pretrainedNeck: rng.pick([true, true, false]),
    stepTraining: rng.pick([true, false]),
    resourceConstraint: rng.pick([true, false]),
  }
  const retrain = { batchNorm: rng.pick([true, false]), seeds: rng.pick([[0], [0, 1]]) }
  const baselines = { fpn: rng.pick([true, false]), random: rng.integer(2), snas: rng.pick([true, false]) }
  // A fifth of the runs, again without a draw of its own.
  const evolves = baselines.fpn && !retrain.batchNorm && (search.stepTraining || retrain.seeds.length > 1)
  return {
    pipeline: 'auto-fpn',
    dataset: { kind: 'street' },
    image: [33, 33],
    backbone: { width: 0.1 },
    detector: isOneStage(search) ? ONE_STAGE : TWO_STAGE,
    space: { layers: 1, cells: 1 },
    search,
    retrain,
    baselines: { ...baselines, ...(evolves && { evolution: EVOLUTION }) },
    ...rng.pick(BUDGETS),
  }
}
