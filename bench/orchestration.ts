import { functions } from '../functions/index.ts'
import { recordOf } from '../local/simulator/scenario.ts'
import { random } from '../nas/random.ts'
import { runAttempt } from '../nas/runs/attempt.ts'
import type { Job } from '../nas/runs/job.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { priceOf } from '../nas/runs/prices.ts'
import type { Result } from '../nas/runs/result.ts'
import { runTrials } from '../nas/runs/run-trials.ts'
import { jsonBytes } from '../nas/store/json.ts'
import { memoryStore } from './memory-store.ts'

/*
 * What Trellis itself does for a trial, in processor time: proposing it, starting it, its ledger entry, its result, ranking it
 * after every round. `tsx bench/orchestration.ts [trials …]`; training takes no time, the store is memory.
 */

/** A small round: all that went before is looked at once a round. */
const PER_ROUND = 740
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000, 28_000, 100_000]

const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function search(trials: number): Promise<void> {
  const record = recordOf({
    pipeline: 'dpc',
    dataset: { kind: 'street' },
    search: { strategy: { kind: 'local' }, perRound: PER_ROUND, trialsPerJob: 2 },
    budget: { trials },
  })
  const { run } = record
  const store = memoryStore()
  await store.put(runKeys(run).config, jsonBytes(record))
  const call = functions({ store })
  const spent = { propose: 0, job: 0, aggregate: 0 }
  const measured = async <T>(part: keyof typeof spent, body: () => Promise<T>): Promise<T> => {
    const before = cpu()
    const value = await body()
    spent[part] += cpu() - before
    return value
  }
  let enough = false
  for (let round = 0; !enough; round++) {
    const { manifest } = await measured('propose', () => call.Propose({ run, round }))
    const lines = new TextDecoder()
      .decode(await store.get(manifest))
      .trim()
      .split('\n')
    await measured('job', async () => {
      for (const [n, line] of lines.entries()) {
        const { trials } = JSON.parse(line) as { trials: string[] }
        const job: Job = {
          job: 'proxy-task',
          run,
          store: '',
          trials,
          jobId: `${round}-${n}`,
          attempt: 1,
          device: 'cpu',
        }
        await work(job)
      }
    })
    ;({ enough } = await measured('aggregate', () => call.Aggregate({ run, round })))
  }

  /** A job whose trainings are over at once. */
  function work(job: Job) {
    const machine = {
      price: priceOf('t4', true),
      startedAt: Date.now(),
      clock: { now: Date.now, every: () => () => {} },
    }
    const training = { step: 0, dispose: async () => {} }
    return runAttempt(store, job, record, machine, () =>
      runTrials(store, job, 'proxy', async (trial) => ({ training, finish: async () => scoreOf(trial) })),
    )
  }

  const per = (ms: number) => (ms / trials).toFixed(3).padStart(9)
  const all = spent.propose + spent.job + spent.aggregate
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20)
  console.log(
    `${String(trials).padStart(7)}${per(spent.propose)}${per(spent.job)}${per(spent.aggregate)}${per(all)}${String(megabytes).padStart(9)}`,
  )
}

function scoreOf(trial: string): Result {
  const score = random(0, trial).uniform()
  return {
    status: 'succeeded',
    score,
    iou: [score],
    pixelAccuracy: score,
    loss: 1,
    parameters: 7,
    multiplyAdds: 9,
  }
}

console.log(` trials  propose      job aggregate      all       MiB   (ms a trial, ${PER_ROUND} a round)`)
for (const trials of sizes) await search(trials)
