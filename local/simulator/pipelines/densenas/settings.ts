import type { Random } from '../../../../nas/random.ts'

const SPACE = {
  operations: ['mbconv_k3_t3', 'mbconv_k3_t6'],
  stages: [
    { stride: 2, widths: [8], layers: 0 },
    { stride: 2, widths: [16, 24], layers: 1 },
    { stride: 4, widths: [32], layers: 1 },
  ],
  reach: 2,
  last: 64,
}

/** A budget is used up before any baseline is trained, or lasts whatever happens. */
const BUDGETS = [{}, { budget: { gpuHours: 1000 } }, { budget: { gpuHours: 0.001 } }]

export const settings = (rng: Random) => ({
  pipeline: 'densenas',
  dataset: { kind: 'shapes' },
  space: SPACE,
  search: { cost: { kind: rng.pick(['latency', 'multiply-adds']) } },
  retrain: { seeds: rng.pick([[0], [0, 1]]) },
  baselines: { random: rng.integer(3), mobileNetV2: rng.pick([true, false]) },
  ...rng.pick(BUDGETS),
})
