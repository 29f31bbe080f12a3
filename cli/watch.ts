import { z } from 'zod'
import type { HistoryEvent } from '../local/interpreter/history.ts'
import { hoursAtWork, readLedger, totals } from '../nas/runs/ledger.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { getOutcome } from '../nas/runs/result.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { createPhaseTracker, type PhaseTracker, type Spent } from './phase-tracker.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Progress, Running } from './progress.ts'

/** How old what is shown of the ledger can be. */
const LEDGER_MS = 5000

export interface Watch {
  readonly onEvent: (event: HistoryEvent) => void
  readonly onProgress: (running: Running & { readonly jobId: string }) => void
  /** Undefined until there is something to do. */
  readonly progress: () => Progress | undefined
}

/** Follows a run by what its machine does, what its jobs say, and what these write to the store. */
export function watchRun(store: ObjectStore, record: RunRecord, now = () => performance.now()): Watch {
  const began = now()
  const later = inOrder()
  const spent = spentOf(store, record.run, now, later)
  const { follow, readResults, tracker } = followPhases(store, record, () => ({
    at: now(),
    ...spent.known(),
  }))
  const limit = record.config.budget?.usd
  return {
    onEvent: (event) => later(() => follow(event)),
    onProgress({ jobId, ...running }) {
      const before = tracker()?.run(jobId, running)
      if (before !== undefined) later(() => readResults([before], 'new'))
    },
    progress() {
      const phase = tracker()
      if (!phase) return undefined
      spent.refresh()
      const { usd } = spent.known()
      return {
        ...phase.progress({ at: now(), ...spent.known() }),
        elapsed: (now() - began) / 1000,
        usd: { spent: usd, left: limit === undefined ? undefined : Math.max(0, limit - usd) },
      }
    },
  }
}

type Later = (work: () => Promise<void>) => void

/** One after the other, and without a word when the store fails: the run itself will find out. */
function inOrder(): Later {
  let last = Promise.resolve()
  return (work) => {
    last = last.then(work).catch(() => {})
  }
}

/** What the ledger of a run says, read again from time to time. */
function spentOf(store: ObjectStore, run: string, now: () => number, later: Later) {
  let spent: Spent = { usd: 0, gpuHours: 0, hours: 0 }
  let readAt = Number.NEGATIVE_INFINITY
  const read = async () => {
    const ledger = await readLedger(store, run)
    spent = { ...totals(ledger), hours: hoursAtWork(ledger) }
  }
  return {
    known: () => spent,
    refresh() {
      if (now() - readAt <= LEDGER_MS) return
      readAt = now()
      later(read)
    },
  }
}

const shard = z.object({ trials: z.array(z.string()) })
const listing = z.object({ pending: z.int() })

/** Tracks the phase that a run is in. @param used so far by the run, at this time */
function followPhases(
  store: ObjectStore,
  { run, config }: RunRecord,
  used: () => Spent & { readonly at: number },
) {
  const pipeline = pipelineOf(config)
  const shards = new Map<string, readonly string[]>()
  let tracker: PhaseTracker | undefined
  /** What the last function that listed shards has listed. */
  let pending: number | undefined

  async function readResults(trials: readonly string[], kind: 'known' | 'new') {
    for (const trial of trials) {
      const result = await getOutcome(store, run, trial)
      if (result) tracker?.score(trial, result.status === 'succeeded' ? result.score : null, kind)
    }
  }

  async function follow({ type, state = '', path, detail }: HistoryEvent) {
    const phase = pipeline.phaseByState[state]
    if (type === 'TaskStateEntered' && phase && phase !== tracker?.phase) {
      tracker = createPhaseTracker(phase, pipeline.limits(phase, config, pending), used())
    }
    if (type === 'TaskStateExited') {
      pending = listing.safeParse(detail.output).data?.pending ?? pending
      const chosen = await pipeline.trialsChosen(store, run, { state, output: detail.output })
      if (chosen?.all) tracker?.expect(chosen.trials.length)
      await readResults(chosen?.trials ?? [], 'known')
    }
    if (path !== '' && type === 'ExecutionStarted') shards.set(path, shard.parse(detail.input).trials)
    if (path !== '' && type === 'ExecutionSucceeded') {
      await readResults(shards.get(path) ?? [], 'new')
    }
  }

  return { follow, readResults, tracker: () => tracker }
}
