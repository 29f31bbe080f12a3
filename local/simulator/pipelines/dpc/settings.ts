import type { Random } from '../../../../nas/random.ts'

/** Half of the runs end by their money or time. */
export function settings(rng: Random) {
  const between = (least: number, most: number) => least + rng.integer(most - least + 1)
  const perRound = between(2, 5)
  const trials = perRound * between(2, 3) + between(0, 2)
  // Somewhere between the first round and the last.
  const gpuHours = (trials * (0.3 + 0.6 * rng.uniform()) * 100) / 3600
  const limit = rng.pick([{}, {}, { gpuHours }, { usd: gpuHours * 0.22 }])
  return {
    pipeline: 'dpc',
    // Made of files, so that it can change.
    dataset: { kind: 'folders', path: 's3://images', classes: ['road', 'sky'] },
    search: {
      strategy: rng.pick([
        { kind: 'random' },
        { kind: 'local' },
        { kind: 'evolution', population: 4, tournament: 2 },
      ]),
      perRound,
      trialsPerJob: between(1, 3),
    },
    rerank: {
      top: between(1, 3),
      baselines: { aspp: rng.pick([true, false]), random: between(0, 1) },
      seeds: rng.pick([[0], [0, 1]]),
    },
    budget: { trials, ...limit },
  }
}
