import { aggregate } from '../functions/dpc/aggregate.ts'
import { propose } from '../functions/dpc/propose.ts'
import { finalize } from '../functions/finalize.ts'
import { recordOf } from '../local/simulator/scenario.ts'
import { dpc } from '../nas/pipelines/dpc/index.ts'
import { random } from '../nas/random.ts'
import { runAttempt } from '../nas/runs/attempt.ts'
import type { Job } from '../nas/runs/job.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { rentalPrices } from '../nas/runs/prices.ts'
import { runTrials } from '../nas/runs/run-trials.ts'
import { jsonBytes } from '../nas/store/json.ts'
import type { Segmented } from '../nas/tasks/segmentation.ts'
import { memoryStore } from './memory-store.ts'

const STEPS = ['propose', 'job', 'aggregate'] as const
/** Processor time, in ms. */
export type Spent = Record<(typeof STEPS)[number], number>

/** A whole search whose trainings take no time, all in this process and its memory. */
export async function search(trials: number, perRound: number) {
  const record = recordOf({
    pipeline: 'dpc',
    dataset: { kind: 'street' },
    search: { strategy: { kind: 'local' }, perRound, trialsPerJob: 1 },
    budget: { trials },
  })
  const { run } = record
  const store = memoryStore()
  await store.put(runKeys(run).config, jsonBytes(record))
  const call = { Propose: propose({ store }), Aggregate: aggregate({ store }), Finalize: finalize({ store }) }
  const rounds: Spent[] = []
  const measured = async <T>(step: keyof Spent, body: () => Promise<T>): Promise<T> => {
    const before = process.cpuUsage()
    const value = await body()
    const { user, system } = process.cpuUsage(before)
    rounds.at(-1)![step] += (user + system) / 1000
    return value
  }

  /** A job whose trainings are over at once. */
  function work(jobId: string, trials: readonly string[]) {
    const job: Job = {
      job: 'proxy-task',
      run,
      store: '',
      trials,
      cores: 'one',
      device: 'cpu',
      jobId,
      attempt: 1,
    }
    const kind = { spec: dpc.trials.proxy, success: dpc.task.result }
    const clock = { elapsed: () => 0, every: () => () => {} }
    const machine = { price: rentalPrices('t4').spot, startedAt: Date.now(), clock }
    const context = { store, job, checkMachine: async () => {} }
    const training = { dispose: async () => {} }
    return runAttempt(store, job, record, machine, () =>
      runTrials(context, kind, async (trial) => ({ training, finish: async () => resultOf(trial) })),
    )
  }

  for (let round = 0, enough = false; !enough; round++) {
    rounds.push({ propose: 0, job: 0, aggregate: 0 })
    const { manifest } = await measured('propose', () => call.Propose({ run, round }))
    const lines = new TextDecoder()
      .decode(await store.get(manifest))
      .trim()
      .split('\n')
    await measured('job', async () => {
      for (const [n, line] of lines.entries()) {
        const { trials } = JSON.parse(line) as { readonly trials: readonly string[] }
        await work(`${round}-${n}`, trials)
      }
    })
    ;({ enough } = await measured('aggregate', () => call.Aggregate({ run, round })))
  }
  return { store, run, call, rounds }
}

/** In all of the rounds. */
export const total = (rounds: readonly Spent[]): Spent =>
  rounds.reduce((sum, each) => ({
    propose: sum.propose + each.propose,
    job: sum.job + each.job,
    aggregate: sum.aggregate + each.aggregate,
  }))

function resultOf(trial: string): Segmented {
  const score = random(0, trial).uniform()
  const iou = Array.from({ length: 19 }, () => score)
  return { status: 'succeeded', score, iou, pixelAccuracy: score, loss: 1, parameters: 7, multiplyAdds: 9 }
}
