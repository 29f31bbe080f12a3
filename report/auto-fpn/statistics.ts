import { type LedgerEntry, totals } from '../../nas/runs/ledger.ts'
import type { SearchHistory } from '../../nas/spaces/auto-fpn/search/history.ts'

/** Of a link, over that where all operators are equally probable: 1 where nothing is decided, 0 where one operator is certain. */
export const undecided = ({ entropy, probabilities }: SearchHistory[number]): number =>
  entropy / Math.log(probabilities[0]![0]!.length)

/** '43 % fewer', '12 % more', '2.6 times as many', 'as many': a number beside another. */
export function beside(n: number, other: number): string {
  const ratio = n / other
  if (ratio >= 2) return `${ratio.toPrecision(2)} times as many`
  const percent = Math.round(100 * Math.abs(ratio - 1))
  return percent === 0 ? 'as many' : `${percent} % ${ratio < 1 ? 'fewer' : 'more'}`
}

/** Seconds of machine time of evolution, and of the searches by gradient, SNAS's among them. */
export function searchTimes(ledger: readonly LedgerEntry[]) {
  const of = (...jobs: readonly string[]): number =>
    3600 * totals(ledger.filter(({ job }) => jobs.includes(job))).gpuHours
  return { evolved: of('evolution'), searched: of('neck', 'head') }
}
