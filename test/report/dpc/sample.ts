import { contentHash } from '../../../nas/hash.ts'
import type { ComparedCell, Rerank } from '../../../nas/pipelines/dpc/comparison.ts'
import { dpcConfigSchema } from '../../../nas/pipelines/dpc/config.ts'
import type { Ranked, Tried } from '../../../nas/pipelines/dpc/leaderboard.ts'
import { random } from '../../../nas/random.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'
import type { LedgerEntry } from '../../../nas/runs/ledger.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { dpcSpace } from '../../../nas/spaces/dpc/space.ts'
import type { DpcReportData } from '../../../report/dpc/data.ts'

const START = Date.UTC(2026, 10, 22, 8, 30)
const WINNER_FULL = 0.7058
const PLACE = 12

/** The smallest PNG: one pixel. */
export const PIXEL = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
    'base64',
  ),
)

/** A finished run of `n` trials (at least 24) with everything that a report can show. */
export function sample(n: number, changes: Partial<DpcReportData> = {}): DpcReportData {
  const tried = Array.from({ length: n }, (_, i) => triedAt(i))
  const ranked = tried.flatMap((each) => ('score' in each ? each : [])).sort((a, b) => b.score - a.score)
  const best = ranked[PLACE - 1]!
  const proxy = { trial: best.trial, score: best.score, rank: PLACE }
  const rerank = rerankOf(ranked)
  return {
    record: {
      run: 'dpc-20261122-camvid',
      config: dpcConfigSchema.parse({
        pipeline: 'dpc',
        dataset: { kind: 'folders', path: 'data/camvid', classes: CLASSES },
        rerank: { seeds: [0, 1, 2], top: 24 },
        budget: { trials: n },
      }),
      dataset,
      code: '0.1.0',
      contract: CONTRACT,
      startedAt: START,
    },
    end: { status: 'succeeded', stopped: `${n} trials, the budget` },
    tried,
    pending: 0,
    rerank,
    winner: {
      ...rerank.winner,
      proxy,
      scoredBy: 'full training',
      iou: [0.912, 0.801, 0.334, 0.943, 0.812, 0.766, 0.412, null, 0.821, 0.523, 0.617],
      asppIou: [0.908, 0.795, 0.341, 0.938, 0.791, 0.752, 0.37, null, 0.808, 0.496, 0.608],
      predictions: [PIXEL, PIXEL],
    },
    notes: { warnings: [] },
    ledger: ledgerOf(n),
    ...changes,
  }
}

const CLASSES = [
  ...['sky', 'building', 'pole', 'road', 'pavement', 'tree', 'signsymbol', 'fence', 'car', 'pedestrian'],
  'bicyclist',
]
const dataset = { fingerprint: contentHash('camvid'), classes: CLASSES, train: 367, validation: 101 }

function triedAt(number: number): Tried {
  const rng = random(1, 'trial', number)
  const candidate = { number, trial: contentHash(number), genotype: dpcSpace().sample(rng) }
  if (rng.uniform() < 0.04) {
    return {
      ...candidate,
      reason: rng.uniform() < 0.7 ? 'the loss is NaN at step 120' : 'killed while running',
    }
  }
  return {
    ...candidate,
    score: 0.6 + 0.02 * (1 - Math.exp(-number / 30)) - Math.abs(rng.normal()) * 0.018,
    parameters: 300_000 + rng.integer(600_000),
    multiplyAdds: 2e9 + rng.integer(5e9),
  }
}

function rerankOf(ranked: readonly Ranked[]): Rerank {
  const searched = ranked.slice(0, 24).map(({ genotype, score, trial }, i): ComparedCell => {
    const rng = random(2, 'full', i)
    const full = i + 1 === PLACE ? WINNER_FULL : 0.69 + 0.15 * (score - 0.61) + 0.005 * rng.normal()
    return {
      ...trained('searched', full, 0.003),
      genotype: i + 1 === PLACE ? KNOWN_CELLS['dpc-top1'] : genotype,
      proxy: { trial, score, rank: i + 1 },
    }
  })
  const winner = searched[PLACE - 1]!
  const baselines = [trained('aspp', 0.6912, 0.004), trained('random', 0.6688, 0.005)]
  return {
    edition: 'e'.repeat(32),
    dataset,
    contenders: [...searched, ...baselines],
    pairs: searched.length + baselines.length,
    spearman: { value: 0.44, low: 0.06, high: 0.72 },
    kendall: { value: 0.31, low: 0.03, high: 0.55 },
    winner: {
      trial: winner.trials[2]!.trial,
      genotype: winner.genotype,
      proxy: { ...winner.proxy!, rank: PLACE },
      score: WINNER_FULL,
      parameters: winner.parameters!,
      multiplyAdds: winner.multiplyAdds!,
    },
  }
}

export const trained = (role: ComparedCell['role'], score: number, spread: number): ComparedCell => ({
  role,
  genotype: KNOWN_CELLS.aspp,
  proxy: role === 'searched' ? null : { trial: contentHash(role), score: 0.55, rank: null },
  score,
  parameters: 2_420_000,
  multiplyAdds: 21_233_100_000,
  trials: [-spread, 0, spread].map((offset, seed) => ({
    seed,
    trial: contentHash([role, score, seed]),
    score: score + offset,
  })),
})

function ledgerOf(trials: number): readonly LedgerEntry[] {
  const entry = (job: LedgerEntry['job'], i: number, minute: number, minutes: number): LedgerEntry => ({
    job,
    jobId: `${job}-${i}`,
    attempt: 1,
    trials: 4,
    card: 't4',
    usdPerHour: 0.366,
    basis: 'one g4dn.xlarge, spot',
    startedAt: START + minute * 60_000,
    seenAt: START + (minute + minutes) * 60_000,
    outcome: job === 'proxy-task' && i % 11 === 5 ? 'interrupted' : 'succeeded',
  })
  const proxy = Array.from({ length: Math.ceil(trials / 4) }, (_, i) =>
    entry('proxy-task', i, 18 + Math.floor(i / 4) * 9, 8 + (i % 3)),
  )
  const end = 18 + Math.ceil(proxy.length / 4) * 9
  const full = Array.from({ length: 26 }, (_, i) =>
    entry('train', i, end + Math.floor(i / 4) * 25, 22 + (i % 4)),
  )
  return [entry('pretrain', 0, 0, 12), entry('features', 0, 13, 4), ...proxy, ...full]
}
