import type { Random } from '../../../../nas/random.ts'

/** Above what the smallest network of the space costs, in multiply-adds for crops of 128x256. */
const LIMITS = [[6e7], [4e7, 9e7]]

export function settings(rng: Random) {
  const halves = rng.pick(['shared', 'shared', 'pair'])
  const samples = 1 + rng.integer(3)
  const evolution = { kind: 'evolution', population: 4, tournament: 2 }
  return {
    pipeline: 'topformer',
    dataset: { kind: 'street' },
    supernet: { halves },
    search: {
      limit: { most: rng.pick(LIMITS) },
      iterations: 1 + rng.integer(2),
      samples,
      keepIncumbent: rng.pick([true, false]),
      besides: halves === 'pair' ? [] : rng.pick([[], [{ kind: 'random' }], [{ kind: 'random' }, evolution]]),
      trialsPerJob: 1 + rng.integer(3),
    },
    retrain: { top: Math.ceil(samples / 2), seeds: rng.pick([[0], [0, 1]]) },
    baselines: { topformer: rng.pick([true, false]), random: rng.integer(2) },
    ...rng.pick([{}, { budget: { gpuHours: 1000 } }]),
  }
}
