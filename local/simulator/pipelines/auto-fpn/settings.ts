import type { Random } from '../../../../nas/random.ts'

/** A budget is used up before any baseline is trained, or lasts whatever happens. */
const BUDGETS = [{}, { budget: { gpuHours: 1000 } }, { budget: { gpuHours: 0.001 } }]

export const settings = (rng: Random) => ({
  pipeline: 'auto-fpn',
  dataset: { kind: 'street' },
  image: [33, 33],
  backbone: { width: 0.1 },
  detector: { channels: 4, hidden: 4, cell: 4, regions: 1, proposals: 1 },
  space: { layers: 1, cells: 1 },
  search: {
    modules: rng.pick(['both', 'both', 'neck', 'head']),
    freezeBackbone: rng.pick([true, true, false]),
    pretrainedNeck: rng.pick([true, true, false]),
    stepTraining: rng.pick([true, false]),
    resourceConstraint: rng.pick([true, false]),
  },
  retrain: { batchNorm: rng.pick([true, false]), seeds: rng.pick([[0], [0, 1]]) },
  baselines: { fpn: rng.pick([true, false]), random: rng.integer(2), snas: rng.pick([true, false]) },
  ...rng.pick(BUDGETS),
})
