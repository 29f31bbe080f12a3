import { z } from 'zod'
import type { HistoryEvent } from '../local/interpreter/history.ts'
import type { RunRecord } from '../nas/pipelines/run.ts'
import { hoursAtWork, readLedger, totals } from '../nas/runs/ledger.ts'
import { getResult } from '../nas/runs/result.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Progress, Running } from './progress.ts'
import { createTally, type Spent, type Tally } from './tally.ts'

/** How old what is shown of the ledger can be. */
const LEDGER_MS = 5000

const shard = z.object({ trials: z.array(z.string()) })

export interface Watch {
  readonly onEvent: (event: HistoryEvent) => void
  readonly onProgress: (running: Running & { readonly jobId: string }) => void
  /** Undefined until there is something to do. */
  readonly progress: () => Progress | undefined
}

/** Follows a run by what its machine does, what its jobs say, and what these leave in the store. */
export function watchRun(store: ObjectStore, { run, config }: RunRecord, now = Date.now): Watch {
  const pipeline = pipelineOf(config)
  const began = now()
  let spent: Spent = { usd: 0, gpuHours: 0, hours: 0 }
  let spentAt = 0
  let tally: Tally | undefined
  const shards = new Map<string, readonly string[]>()

  async function readResults(trials: readonly string[], kind: 'known' | 'new') {
    for (const trial of trials) {
      const result = await getResult(store, trial)
      if (result) tally?.score(trial, result.status === 'succeeded' ? result.score : null, kind)
    }
  }

  async function follow({ type, state = '', path, detail }: HistoryEvent) {
    const phase = pipeline.begins[state]
    if (type === 'TaskStateEntered' && phase && phase !== tally?.phase) {
      tally = createTally(phase, pipeline.limits(phase, config), { at: now(), ...spent })
    }
    if (type === 'TaskStateExited') {
      const chosen = await pipeline.chosen(store, run, { state, output: detail.output })
      if (chosen?.all) tally?.expect(chosen.trials.length)
      await readResults(chosen?.trials ?? [], 'known')
    }
    if (path !== '' && type === 'ExecutionStarted') shards.set(path, shard.parse(detail.input).trials)
    if (path !== '' && type === 'ExecutionSucceeded') {
      await readResults(shards.get(path) ?? [], 'new')
    }
  }

  async function readSpent() {
    const ledger = await readLedger(store, run)
    spent = { ...totals(ledger), hours: hoursAtWork(ledger) }
  }

  /** One after the other, and without a word when the store fails: the run itself will find out. */
  let last = Promise.resolve()
  const later = (work: () => Promise<void>) => {
    last = last.then(work).catch(() => {})
  }

  return {
    onEvent: (event) => later(() => follow(event)),
    onProgress({ jobId, ...running }) {
      const before = tally?.run(jobId, running)
      if (before !== undefined) later(() => readResults([before], 'new'))
    },
    progress() {
      if (!tally) return undefined
      if (now() - spentAt > LEDGER_MS) {
        spentAt = now()
        later(readSpent)
      }
      const usd = config.budget?.usd
      return {
        ...tally.progress({ at: now(), ...spent }),
        elapsed: (now() - began) / 1000,
        usd: { spent: spent.usd, left: usd === undefined ? undefined : Math.max(0, usd - spent.usd) },
      }
    },
  }
}
