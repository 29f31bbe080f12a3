import { handlersOf } from '../functions/handlers.ts'
import { pipelines } from '../functions/index.ts'
import { interruptSignal } from '../local/interrupt.ts'
import { runMachine } from '../local/run.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { causeOf } from './halted.ts'
import { Interrupted } from './interrupted.ts'
import { jobBundle } from './job-bundle.ts'
import { viewOf } from './progress.ts'
import { openSession } from './session.ts'
import { createTerminal } from './terminal.ts'
import { watchRun } from './watch.ts'

const REDRAW_MS = 250

interface Execution {
  /** The machine of the run's pipeline to run. */
  readonly start: string
  /** What follows `trellis` to go on with it. */
  readonly again: string
}

/**
 * Runs a run from wherever it is to its end, and tells how far it is.
 * @throws Interrupted after Ctrl-C; TrellisError `job-failed` when the run fails; Halted when the store or the machine does
 */
export async function executeRun(
  store: ObjectStore,
  record: RunRecord,
  { start, again }: Execution,
): Promise<void> {
  const { run, config } = record
  const closeSession = await openSession(store, run)
  const terminal = createTerminal()
  const watch = watchRun(store, record)
  const redraw = setInterval(() => {
    const progress = watch.progress()
    if (progress) terminal.show(viewOf(progress))
  }, REDRAW_MS)
  const signal = interruptSignal()
  signal.addEventListener('abort', () => terminal.note('stopping: jobs leave checkpoints'))
  const { concurrency } = config.compute
  const end = async () => {
    clearInterval(redraw)
    try {
      terminal.close()
    } finally {
      await closeSession()
    }
  }
  try {
    const outcome = await runMachine({
      pipeline: pipelines.of(config.pipeline).definition,
      start,
      handlers: handlersOf(config.pipeline, { store }),
      store,
      run,
      bundle: jobBundle,
      ...(concurrency !== undefined && { slots: concurrency }),
      signal,
      onEvent: watch.onEvent,
      onProgress: watch.onProgress,
    })
    if (outcome.status === 'interrupted') throw new Interrupted(again)
  } catch (thrown) {
    // What a failing store refuses next is not the cause.
    await end().catch(() => {})
    throw await causeOf(thrown, store, again)
  }
  await end().catch(async (thrown) => {
    throw await causeOf(thrown, store, again)
  })
}
