import { jobKinds, type LedgerEntry, readLedger, totals } from '../../nas/runs/ledger.ts'
import { HEARTBEAT_MS } from '../../nas/runs/open-entry.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { count, counted, duration, usd } from '../../report/format.ts'
import { findRun, findRunIn, type RunOptions } from '../find-run.ts'
import { pipelineOf } from '../pipelines/index.ts'
import type { Phase } from '../pipelines/pipeline.ts'
import { table } from '../table.ts'
import { inCloud } from './cloud.ts'
import type { DeployedOptions } from './deployed.ts'

export interface CostOptions extends RunOptions, DeployedOptions {
  readonly aws?: boolean
}

/** What a run has cost so far, on AWS or on this computer. */
export async function cost(run: string, options: CostOptions): Promise<void> {
  console.log(
    options.aws
      ? await inCloud(options, async ({ store }) => costIn(store, await findRunIn(store, run)))
      : await findRun(run, options).then(({ store, record }) => costIn(store, record)),
  )
}

const costIn = async (store: ObjectStore, { run, config }: RunRecord): Promise<string> =>
  costOf(await readLedger(store, run), pipelineOf(config).phases)

/** By phase and by attempt, what spot capacity has saved, and what went into attempts that were cut short. */
export function costOf(ledger: readonly LedgerEntry[], phases: readonly Phase[], now = Date.now()): string {
  const rowOf = (name: string, entries: readonly LedgerEntry[]) => {
    const { attempts, gpuHours, usd: dollars } = totals(entries)
    const short = totals(entries.filter((entry) => isCutShort(entry, now)))
    return [
      name,
      count(attempts),
      duration(gpuHours * 3600),
      usd(dollars),
      count(short.attempts),
      duration(short.gpuHours * 3600),
      usd(short.usd),
    ]
  }
  const kinds = jobKinds(
    ledger,
    phases.map(({ job }) => job),
  )
  const head = ['attempts', 'of jobs', 'dollars', 'cut short', 'of jobs', 'dollars']
  const attempts = [...new Set(ledger.map(({ attempt }) => attempt))].sort((a, b) => a - b)
  return [
    table([
      ['by phase', ...head],
      ...kinds.map((kind) =>
        rowOf(
          phases.find(({ job }) => job === kind)?.name ?? kind,
          ledger.filter(({ job }) => job === kind),
        ),
      ),
      rowOf('total', ledger),
    ]),
    '',
    table([
      ['by attempt', ...head],
      ...attempts.map((n) =>
        rowOf(
          `${n}`,
          ledger.filter(({ attempt }) => attempt === n),
        ),
      ),
    ]),
    '',
    ...savedBySpot(ledger),
    'Cut short: the host was reclaimed, or the job failed or was stopped. A training is not lost but for the seconds since',
    'its last checkpoint.',
  ].join('\n')
}

/** What still runs says so at every heartbeat. */
const SILENT_MS = 3 * HEARTBEAT_MS

const isCutShort = ({ outcome, seenAt }: LedgerEntry, now: number): boolean =>
  outcome === 'running' ? now - seenAt > SILENT_MS : outcome !== 'succeeded'

/** Attempts on machines that were rented on demand have saved nothing, and count for nothing here. */
function savedBySpot(ledger: readonly LedgerEntry[]): readonly string[] {
  const rented = ledger.flatMap((entry) =>
    entry.onDemandUsdPerHour === undefined ? [] : [{ ...entry, onDemand: entry.onDemandUsdPerHour }],
  )
  if (rented.length === 0) return []
  const onSpot = rented.filter(({ usdPerHour, onDemand }) => usdPerHour < onDemand)
  const paid = totals(onSpot).usd
  const onDemand = totals(onSpot.map((entry) => ({ ...entry, usdPerHour: entry.onDemand }))).usd
  return [
    `${usd(onDemand - paid)} saved by spot capacity, on which ${onSpot.length} of ${counted(rented.length, 'attempt')} ran: ${usd(paid)} for what is ${usd(onDemand)} on demand`,
  ]
}
