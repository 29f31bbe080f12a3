import { type LedgerEntry, readLedger, totals } from '../../nas/runs/ledger.ts'
import { offerOf, type PriceTable } from '../../nas/runs/prices.ts'
import { count, counted, duration, usd } from '../../report/format.ts'
import { findRun, findRunIn, type RunOptions } from '../find-run.ts'
import { currentPrices } from '../prices.ts'
import { table } from '../table.ts'
import { inCloud } from './cloud.ts'
import type { DeployedOptions } from './deployed.ts'

export interface CostOptions extends RunOptions, DeployedOptions {
  readonly aws?: boolean
}

/** What a run has cost so far, on AWS or on this computer. */
export async function cost(run: string, options: CostOptions): Promise<void> {
  const ledger = options.aws
    ? await inCloud(options, async ({ store }) => {
        await findRunIn(store, run)
        return readLedger(store, run)
      })
    : await readLedger((await findRun(run, options)).store, run)
  console.log(costOf(ledger, currentPrices()))
}

const PHASES = [
  ['pretraining', 'pretrain'],
  ['features', 'features'],
  ['search', 'proxy-task'],
  ['full training', 'train'],
] as const satisfies readonly (readonly [string, LedgerEntry['job']])[]

/** By phase and by attempt, what spot capacity has saved, and what went into attempts that were cut short. */
export function costOf(ledger: readonly LedgerEntry[], prices: PriceTable, now = Date.now()): string {
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
  const head = ['attempts', 'of jobs', 'dollars', 'cut short', 'of jobs', 'dollars']
  const attempts = [...new Set(ledger.map(({ attempt }) => attempt))].sort((a, b) => a - b)
  return [
    table([
      ['by phase', ...head],
      ...PHASES.map(([name, kind]) =>
        rowOf(
          name,
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
    ...savedBySpot(ledger, prices),
    'Cut short: the host was reclaimed, or the job failed or was stopped. A training is not lost but for the seconds since',
    'its last checkpoint.',
  ].join('\n')
}

/** What still runs says so every few seconds. */
const SILENT_MS = 60_000

const isCutShort = ({ outcome, seenAt }: LedgerEntry, now: number): boolean =>
  outcome === 'running' ? now - seenAt > SILENT_MS : outcome !== 'succeeded'

function savedBySpot(ledger: readonly LedgerEntry[], prices: PriceTable): readonly string[] {
  const rented = ledger.filter(({ usdPerHour }) => usdPerHour > 0)
  if (rented.length === 0) return []
  const onDemand = totals(rented.map((entry) => ({ ...entry, usdPerHour: onDemandPrice(entry, prices) }))).usd
  const paid = totals(rented).usd
  return [
    `${usd(Math.max(0, onDemand - paid))} saved against ${usd(onDemand)} on demand, by prices of ${prices.date}, over ${counted(rented.length, 'attempt')}`,
  ]
}

function onDemandPrice({ card }: LedgerEntry, prices: PriceTable): number {
  const { onDemand, cards } = offerOf(card, true, prices)
  return onDemand / cards
}
