import { type Random, random } from '../../../../nas/random.ts'

/** Above what the smallest network of the space costs, in multiply-adds for crops of 128x256. */
const LIMITS = [[6e7], [4e7, 9e7]]
/** Every part takes a millisecond, and networks have 19 to 31. */
const LATENCIES = [[25], [22, 28]]
const PRETRAINING = { dataset: { kind: 'shapes' } }

export function settings(rng: Random) {
  const halves = rng.pick(['shared', 'shared', 'pair'])
  const samples = 1 + rng.integer(3)
  const evolution = { kind: 'evolution', population: 4, tournament: 2 }
  const drawn = {
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
  // Without a draw of `rng`, which would change all that is drawn after it; by a number with which seeds of mutants draw neither.
  const more = random(185, 'more', JSON.stringify(drawn))
  const ofLatency = more.pick([false, false, true]) && { of: 'latency', most: more.pick(LATENCIES) }
  return {
    ...drawn,
    ...(ofLatency && { search: { ...drawn.search, limit: ofLatency } }),
    ...(more.pick([false, false, true]) && { pretrain: PRETRAINING }),
  }
}

/** What a start would find out. */
export const facts = ({ pretrain }: { readonly pretrain?: unknown }) =>
  pretrain === undefined
    ? {}
    : { pretraining: { fingerprint: 'shapes-0', classes: ['disc', 'square'], train: 4, validation: 2 } }
