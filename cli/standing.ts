import { runKeys } from '../nas/runs/keys.ts'
import { readLedger } from '../nas/runs/ledger.ts'
import { mapObjects } from '../nas/runs/map-objects.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { getOutcome } from '../nas/runs/result.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { getSound } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { count, counted } from '../report/format.ts'
import type { Interrupted, Standing } from '../report/note.ts'
import { pipelineOf } from './pipelines/index.ts'
import { lastSession } from './session.ts'

export type State = 'running' | 'interrupted' | 'succeeded' | 'failed'

/** What a run is doing. @param isRunning whether anything runs it now: here, a process, and on AWS, an execution */
export async function stateOf(store: ObjectStore, run: string, isRunning: boolean): Promise<State> {
  const summary = await getSound(store, runKeys(run).summary, summarySchema)
  // A finished run that is re-ranked has succeeded all the while; a failed one that is resumed has not ended.
  if (summary?.status === 'succeeded') return 'succeeded'
  if (isRunning) return 'running'
  return summary === undefined ? 'interrupted' : 'failed'
}

/** Whether a process runs the run, as far as can be told from this computer. */
export const runsHere = async (store: ObjectStore, run: string): Promise<boolean> =>
  (await lastSession(store, run))?.isOpen ?? false

/**
 * How a run stands that has no end; undefined for one that has.
 * @param again the command that goes on with it
 */
export async function standingOf(
  store: ObjectStore,
  record: RunRecord,
  isRunning: boolean,
  again: string,
): Promise<Standing | undefined> {
  const state = await stateOf(store, record.run, isRunning)
  if (state === 'running') return { status: state }
  return state === 'interrupted' ? interrupted(store, record, again) : undefined
}

async function interrupted(store: ObjectStore, record: RunRecord, again: string): Promise<Interrupted> {
  const { run, startedAt } = record
  const session = await lastSession(store, run)
  const ledger = await readLedger(store, run)
  return {
    status: 'interrupted',
    at: session?.endedAt ?? Math.max(startedAt, ...ledger.map(({ seenAt }) => seenAt)),
    where: await whereIn(store, record),
    again,
  }
}

/** 'in the phase search, 12 of 24 trials done'. */
async function whereIn(store: ObjectStore, record: RunRecord): Promise<string> {
  const { phase, total, trials } = await pipelineOf(record.config).progressFromStore(store, record)
  const where = `in the phase ${phase.name}`
  if (phase.score === null) return where
  const results = await mapObjects(trials.pending, (trial) => getOutcome(store, record.run, trial))
  const done = trials.completed + results.filter((result) => result !== undefined).length
  return `${where}, ${total === undefined ? counted(done, 'trial') : `${count(done)} of ${counted(total, 'trial')}`} done`
}
