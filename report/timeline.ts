import type { LedgerEntry } from '../nas/runs/ledger.ts'

const BINS = 240

/** The mean number of jobs of a phase that ran in an interval; times in milliseconds since the first start. */
export interface Bin {
  /** A kind of job. */
  readonly phase: string
  readonly from: number
  readonly to: number
  readonly jobs: number
}

/** Cuts the time from the first start to the last sign of life into equal bins; bins without jobs are left out. */
export function jobsAtWork(ledger: readonly LedgerEntry[]): { bins: readonly Bin[]; milliseconds: number } {
  const begin = ledger.reduce(
    (earliest, { startedAt }) => Math.min(earliest, startedAt),
    ledger[0]?.startedAt ?? 0,
  )
  const end = ledger.reduce((latest, { seenAt }) => Math.max(latest, seenAt), begin)
  const width = (end - begin) / BINS
  const busy = new Map<string, number[]>()
  for (const { job, startedAt, seenAt } of ledger) {
    const jobs = busy.get(job) ?? new Array<number>(BINS).fill(0)
    busy.set(job, jobs)
    const from = (startedAt - begin) / width
    const to = (seenAt - begin) / width
    for (let bin = Math.floor(from); bin < to; bin++) {
      jobs[bin]! += Math.min(to, bin + 1) - Math.max(from, bin)
    }
  }
  const bins = [...busy].flatMap(([phase, jobs]) =>
    jobs.flatMap((mean, i) => (mean > 0 ? { phase, from: i * width, to: (i + 1) * width, jobs: mean } : [])),
  )
  return { bins, milliseconds: end - begin }
}
