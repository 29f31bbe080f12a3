import type { Measurement } from '../nas/runs/latencies.ts'
import { date } from './format.ts'

/** Milliseconds: '12.3 ms'. */
export const ms = (latency: number): string => `${latency.toPrecision(3)} ms`

/** 'measured on Intel Xeon, 2026-11-26 21:50 UTC, each operation within 4 %': what is known of a table. */
export function measurement({ device, measuredAt, spread }: Measurement): string {
  const parts = [
    spread === undefined ? `from ${device}` : `measured on ${device}`,
    ...(measuredAt === undefined ? [] : [date(measuredAt)]),
    ...(spread === undefined ? [] : [`each operation within ${Math.ceil(spread * 100)} %`]),
  ]
  return parts.join(', ')
}
