import { backboneKey } from '../../../../nas/pipelines/dpc/backbone.ts'
import { type FeaturesManifest, featuresKey } from '../../../../nas/pipelines/dpc/features.ts'
import { leaderboardSchema } from '../../../../nas/pipelines/dpc/leaderboard.ts'
import { type Round, roundSchema, verdictSchema } from '../../../../nas/pipelines/dpc/round.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import type { Random } from '../../../../nas/random.ts'
import { completed } from '../../../../nas/runs/completed.ts'
import { backboneKeys, featuresKeys, runKeys } from '../../../../nas/runs/keys.ts'
import type { Segmented } from '../../../../nas/runs/result.ts'
import { jsonBytes } from '../../../../nas/store/json.ts'
import { leastCharge, STORE_MS } from '../../charge.ts'
import type { Course } from '../../course.ts'
import { takeUp } from '../../training.ts'
import { leaveModel, trainTrials } from '../../trials.ts'
import { readObject, type SimulatedPipeline, type Work } from '../pipeline.ts'

const BYTES = new TextEncoder().encode('simulated')
const HOUR_MS = 3_600_000

const pretrain: Work = async (_, record, around) => {
  const key = backboneKey(runOf(record, 'dpc'))
  const keys = backboneKeys(key)
  const course: Course = { ...around.courseOf(key), failure: undefined }
  const training = await takeUp(around, { key: keys.checkpoint, training: key, course, steps: around.steps })
  completed(await training.train())
  await around.store.put(keys.weights, BYTES)
  await around.store.put(keys.manifest, jsonBytes({ backbone: key }))
}

const features: Work = async (_, record, around) => {
  const key = featuresKey(runOf(record, 'dpc'))
  const keys = featuresKeys(key)
  const split = (shard: number): FeaturesManifest['train'] => ({
    image: [65, 65],
    shards: [{ key: keys.shard(shard), samples: 1 }],
  })
  for (const shard of [0, 1]) {
    await around.work(1000 * around.courseOf(key).seconds)
    await around.store.put(keys.shard(shard), BYTES)
  }
  const manifest: FeaturesManifest = { features: key, channels: 1, train: split(0), validation: split(1) }
  await around.store.put(keys.manifest, jsonBytes(manifest))
}

const resultOf = ({ score }: Course, losses: readonly number[]): Segmented => ({
  status: 'succeeded',
  score,
  iou: [score, score],
  pixelAccuracy: score,
  loss: losses.at(-1)!,
  parameters: 7,
  multiplyAdds: 9,
})

/** Half of the runs end by their money or time. */
function settings(rng: Random) {
  const between = (least: number, most: number) => least + rng.integer(most - least + 1)
  const perRound = between(2, 5)
  const trials = perRound * between(2, 3) + between(0, 2)
  // Somewhere between the first round and the last.
  const gpuHours = (trials * (0.3 + 0.6 * rng.uniform()) * 100) / 3600
  const limit = rng.pick([{}, {}, { gpuHours }, { usd: gpuHours * 0.22 }])
  return {
    pipeline: 'dpc',
    dataset: { kind: 'street' },
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

const roundsOf = (objects: ReadonlyMap<string, Uint8Array>, run: string): readonly Round[] => {
  const rounds: Round[] = []
  for (;;) {
    const round = readObject(objects, runKeys(run).round(rounds.length), roundSchema)
    if (round === undefined) return rounds
    rounds.push(round)
  }
}

export const dpc: SimulatedPipeline = {
  work: {
    pretrain,
    features,
    'proxy-task': (job, _, around) =>
      trainTrials(job, 'proxy', around, async (_, course, losses) => resultOf(course, losses)),
    train: (job, _, around) =>
      trainTrials(job, 'train', around, async (trial, course, losses) => {
        await leaveModel(around.store, trial)
        return resultOf(course, losses)
      }),
  },
  difficulty: { seconds: [40, 120], failing: { diverges: 0.05, memory: 0.06, raises: 0.03 } },
  settings,
  trials: ({ objects, record }) =>
    roundsOf(objects, record.run).flatMap(({ candidates }) => candidates.map(({ trial }) => trial)),
  isResult(key, run) {
    const keys = runKeys(run)
    return key === keys.leaderboard || key === keys.rerank || key.startsWith(keys.decoded(''))
  },
  // Faults cost time and money, so a budget may end the search earlier: compared is what had been tried by then.
  withoutFaults({ objects, record }) {
    const { run, config } = runOf(record, 'dpc')
    const leaderboard = readObject(objects, runKeys(run).leaderboard, leaderboardSchema)
    const tried = leaderboard === undefined ? 0 : leaderboard.ranked.length + leaderboard.failed.length
    return { ...config, budget: { trials: Math.max(1, tried) } }
  },
  /** Whoever proposes another round has not spent the budget yet. */
  violations({ objects, attempts, seen, scenario: { record } }) {
    const keys = runKeys(record.run)
    const { usd, gpuHours, trials } = runOf(record, 'dpc').config.budget
    const broken: string[] = []
    let tried = 0
    for (const [n, round] of roundsOf(objects, record.run).entries()) {
      if (readObject(objects, keys.verdict(n), verdictSchema) === undefined) return broken
      tried += round.candidates.length
      if (trials !== undefined && tried > trials) broken.push(`${tried} trials of ${trials} after round ${n}`)
      if (!objects.has(keys.round(n + 1))) return broken
      const taken = seen.verdicts.get(keys.verdict(n))!
      // A verdict may rest on a ledger that was read a few requests earlier; an attempt is charged a little less.
      const before = attempts.filter(({ endedAt }) => endedAt! < taken - 6 * STORE_MS)
      const spent = before.reduce((sum, each) => sum + leastCharge(each) / HOUR_MS, 0)
      const paid = before.reduce(
        (sum, each) => sum + (leastCharge(each) / HOUR_MS) * each.host.price.usdPerHour,
        0,
      )
      if (gpuHours !== undefined && spent > gpuHours)
        broken.push(`round ${n + 1} was proposed after ${spent} of ${gpuHours} GPU hours`)
      if (usd !== undefined && paid > usd)
        broken.push(`round ${n + 1} was proposed after ${paid} of ${usd} dollars`)
    }
    return broken
  },
}
