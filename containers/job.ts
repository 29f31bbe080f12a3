import { TrellisError } from '../nas/errors.ts'
import { EXIT, type Job, type JobKind, parseJob } from '../nas/runs/job.ts'
import { Interrupted, type JobContext, openContext } from './context.ts'
import { features } from './features.ts'
import { openLedgerEntry } from './ledger.ts'
import { pretrain } from './pretrain.ts'
import { proxyTask } from './proxy-task.ts'
import { train } from './train.ts'

const JOBS: Readonly<Record<JobKind, (context: JobContext) => Promise<void>>> = {
  pretrain,
  features,
  'proxy-task': proxyTask,
  train,
}

/** The spot notice, a cancelled job, or a runner that is gone: in each case somebody will ask for this work again. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
    process.once(event, () => controller.abort())
  return controller.signal
}

async function run(job: Job): Promise<number> {
  const context = await openContext(job, stopSignal())
  const entry = await openLedgerEntry(context.store, job, context.record)
  try {
    await JOBS[job.job](context)
    await entry.close('succeeded')
    return EXIT.done
  } catch (error) {
    if (error instanceof Interrupted) {
      await entry.close('interrupted')
      return EXIT.retry
    }
    await entry.close('failed', describe(error))
    throw error
  }
}

const describe = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!

/** What the user or the store's contents have wrong stays wrong; a store or a machine that fails may be well again. */
const isHopeless = (error: unknown): boolean => error instanceof TrellisError && error.code !== 'store-failed'

try {
  process.exitCode = await run(parseJob(process.env))
} catch (error) {
  const fix = error instanceof TrellisError && error.fix !== undefined ? ` (${error.fix})` : ''
  console.error(`${describe(error)}${fix}`)
  process.exitCode = isHopeless(error) ? EXIT.hopeless : EXIT.retry
}
// A runner that listens would keep this process alive.
if (process.connected) process.disconnect()
