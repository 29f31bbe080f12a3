import { random } from '../../nas/random.ts'
import { KNOWN_CELLS } from '../../nas/spaces/dpc/known.ts'
import type { Attempt, FullTraining, ReportData, Trial } from '../../report/data.ts'

const START = Date.UTC(2026, 10, 22, 8, 30)
const CLASSES = [
  'sky',
  'building',
  'pole',
  'road',
  'pavement',
  'tree',
  'signsymbol',
  'fence',
  'car',
  'pedestrian',
  'bicyclist',
]

/** The smallest PNG: one pixel. */
const PIXEL = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
    'base64',
  ),
)

/** A finished run of `n` trials with everything a report can show. */
export function sample(n: number, changes: Partial<ReportData> = {}): ReportData {
  const trials = Array.from({ length: n }, (_, i) => trialOf(i))
  const place = Math.min(12, n)
  const scored = trials
    .flatMap(({ trial, outcome }) => (outcome.kind === 'scored' ? [{ trial, score: outcome.score }] : []))
    .sort((a, b) => b.score - a.score)
  return {
    run: 'dpc-camvid-20261122',
    state: { kind: 'finished', reason: `tried ${n} trials, the budget` },
    startedAt: START,
    codeVersion: '0.1.0',
    dataset: {
      name: 'CamVid',
      classes: CLASSES,
      trainImages: 367,
      validationImages: 101,
      fingerprint: 'f00dfeed',
    },
    configYaml: 'pipeline: dpc\nseed: 0\nsearch:\n  strategy: { kind: local }\n',
    trials,
    rerank: {
      entries: [
        ...scored.slice(0, 16).map(({ score }, i) => candidate(i + 1, score, place)),
        baseline('ASPP', 0.596, 0.691),
        baseline('random 1', 0.571, 0.668),
      ],
      spearman: { value: 0.44, low: 0.06, high: 0.72 },
      kendall: { value: 0.31, low: 0.03, high: 0.55 },
    },
    winner: {
      genotype: KNOWN_CELLS['dpc-top1'],
      cell: trials[0]?.cell ?? '',
      scoredBy: 'full training',
      score: 0.7058,
      proxyTrial: scored[place - 1]?.trial,
      proxyRank: place,
      parameters: 356_160,
      multiplyAdds: 2_986_400_000,
      classIou: [0.912, 0.801, 0.334, 0.943, 0.812, 0.766, 0.412, undefined, 0.821, 0.523, 0.617],
      predictions: [PIXEL, PIXEL],
    },
    attempts: attemptsOf(n),
    ...changes,
  }
}

function trialOf(i: number): Trial {
  const rng = random(1, 'trial', i)
  const cell = Array.from(
    { length: 5 },
    (_, b) => `${rng.integer(b + 1) - 1}: 3×3 r${1 + rng.integer(21)}×${1 + rng.integer(21)}`,
  )
  return {
    trial: `trial-${i}`,
    cell: cell.join(' · '),
    parameters: 300_000 + rng.integer(600_000),
    multiplyAdds: 2e9 + rng.integer(5e9),
    outcome:
      rng.uniform() < 0.04
        ? { kind: 'failed', reason: rng.uniform() < 0.7 ? 'loss is NaN at step 120' : 'killed while running' }
        : { kind: 'scored', score: 0.6 + 0.02 * (1 - Math.exp(-i / 30)) - Math.abs(rng.normal()) * 0.018 },
  }
}

function candidate(place: number, proxyScore: number, winner: number): FullTraining {
  const rng = random(2, 'full', place)
  const middle = place === winner ? 0.7058 : 0.69 + 0.008 * rng.normal()
  return {
    role: 'candidate',
    isWinner: place === winner,
    name: `${place}. by proxy`,
    cell: trialOf(place).cell,
    proxyScore,
    proxyRank: place,
    scores: [middle - 0.003, middle, middle + 0.003],
  }
}

const baseline = (name: string, proxyScore: number, score: number): FullTraining => ({
  role: 'baseline',
  isWinner: false,
  name,
  cell: '-1: 1×1 · -1: 3×3 r6×6 · -1: 3×3 r12×12 · -1: 3×3 r18×18 · -1: pyramid pooling 1×1',
  proxyScore,
  proxyRank: undefined,
  scores: [score - 0.004, score + 0.004],
})

function attemptsOf(trials: number): readonly Attempt[] {
  const attempt = (
    phase: Attempt['phase'],
    minute: number,
    minutes: number,
    outcome: Attempt['outcome'] = 'succeeded',
  ): Attempt => ({
    phase,
    startedAt: START + minute * 60_000,
    seconds: minutes * 60,
    usd: minutes * 0.0061,
    outcome,
  })
  const jobs = Array.from({ length: Math.ceil(trials / 4) }, (_, i) =>
    attempt(
      'proxy-task',
      18 + Math.floor(i / 4) * 9,
      8 + (i % 3),
      i % 11 === 5 ? 'interrupted' : 'succeeded',
    ),
  )
  const end = 18 + Math.ceil(jobs.length / 4) * 9
  const full = Array.from({ length: 18 }, (_, i) =>
    attempt('train', end + Math.floor(i / 4) * 25, 22 + (i % 4)),
  )
  return [attempt('pretrain', 0, 12), attempt('features', 13, 4), ...jobs, ...full]
}
