import { jobKinds, type LedgerEntry, readLedger, totals } from '../../nas/runs/ledger.ts'
import { HEARTBEAT_MS } from '../../nas/runs/open-entry.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { count, counted, duration, usd } from '../../report/format.ts'
import { findRun, findRunIn, type RunOptions } from '../find-run.ts'
import { type CostJson, costJson, printJson } from '../json.ts'
import { pipelineOf } from '../pipelines/index.ts'
import type { Phase } from '../pipelines/pipeline.ts'
import { table } from '../table.ts'
import { inCloud } from './cloud.ts'
import type { DeployedOptions } from './deployed.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'

export interface CostOptions extends RunOptions, DeployedOptions {
  readonly aws?: boolean
  readonly json?: boolean
}

/** What a run has cost so far, on AWS or on this computer. */
export async function cost(name: string, options: CostOptions): Promise<void> {
  const figures = options.aws
    ? await onAwsRun(name, INSTEAD.withoutAws, () =>
        inCloud(options, async ({ store }) => costIn(store, await findRunIn(store, name))),
      )
    : await findRun(name, options).then(({ store, record }) => costIn(store, record))
  if (options.json) printJson(costJson, figures)
  else console.log(inWords(figures))
}

const costIn = async (store: ObjectStore, { run, config }: RunRecord): Promise<CostJson> =>
  costOf(run, await readLedger(store, run), pipelineOf(config).phases)

type Charged = CostJson['total']

/** By phase and by attempt, what spot capacity has saved, and what went into attempts that were cut short. */
export function costOf(
  run: string,
  ledger: readonly LedgerEntry[],
  phases: readonly Phase[],
  now = Date.now(),
): CostJson {
  const charged = (entries: readonly LedgerEntry[]): Charged => ({
    ...figuresOf(entries),
    cutShort: figuresOf(entries.filter((entry) => isCutShort(entry, now))),
  })
  const kinds = jobKinds(
    ledger,
    phases.map(({ job }) => job),
  )
  const attempts = [...new Set(ledger.map(({ attempt }) => attempt))].sort((a, b) => a - b)
  return {
    run,
    total: charged(ledger),
    phases: kinds.map((kind) => ({
      phase: phases.find(({ job }) => job === kind)?.name ?? kind,
      ...charged(ledger.filter(({ job }) => job === kind)),
    })),
    attempts: attempts.map((n) => ({
      attempt: n,
      ...charged(ledger.filter(({ attempt }) => attempt === n)),
    })),
    spot: savedBySpot(ledger),
  }
}

function figuresOf(entries: readonly LedgerEntry[]): Charged['cutShort'] {
  const { attempts, gpuHours, usd: dollars } = totals(entries)
  return { attempts, gpuHours, usd: dollars }
}

/** What still runs says so at every heartbeat. */
const SILENT_MS = 3 * HEARTBEAT_MS

const isCutShort = ({ outcome, seenAt }: LedgerEntry, now: number): boolean =>
  outcome === 'running' ? now - seenAt > SILENT_MS : outcome !== 'succeeded'

/** Attempts on machines that were rented on demand have saved nothing, and count for nothing here. */
function savedBySpot(ledger: readonly LedgerEntry[]): CostJson['spot'] {
  const rented = ledger.flatMap((entry) =>
    entry.onDemandUsdPerHour === undefined ? [] : [{ ...entry, onDemand: entry.onDemandUsdPerHour }],
  )
  if (rented.length === 0) return null
  const onSpot = rented.filter(({ usdPerHour, onDemand }) => usdPerHour < onDemand)
  const paid = totals(onSpot).usd
  const onDemand = totals(onSpot.map((entry) => ({ ...entry, usdPerHour: entry.onDemand }))).usd
  return { saved: onDemand - paid, onSpot: onSpot.length, rented: rented.length, paid, onDemand }
}

export function inWords({ total, phases, attempts, spot }: CostJson): string {
  const row = (name: string, { cutShort, ...all }: Charged) => [name, ...cellsOf(all), ...cellsOf(cutShort)]
  const head = ['attempts', 'of jobs', 'dollars', 'cut short', 'of jobs', 'dollars']
  return [
    table([
      ['by phase', ...head],
      ...phases.map(({ phase, ...charged }) => row(phase, charged)),
      row('total', total),
    ]),
    '',
    table([
      ['by attempt', ...head],
      ...attempts.map(({ attempt, ...charged }) => row(`${attempt}`, charged)),
    ]),
    '',
    ...(spot === null
      ? []
      : [
          `${usd(spot.saved)} saved by spot capacity, on which ${spot.onSpot} of ${counted(spot.rented, 'attempt')} ran: ${usd(spot.paid)} for what is ${usd(spot.onDemand)} on demand`,
        ]),
    'Cut short: the host was reclaimed, or the job failed or was stopped. A training is not lost but for the seconds since',
    'its last checkpoint.',
  ].join('\n')
}

const cellsOf = ({ attempts, gpuHours, usd: dollars }: Charged['cutShort']): readonly string[] => [
  count(attempts),
  duration(gpuHours * 3600),
  usd(dollars),
]
