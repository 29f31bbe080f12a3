import { mean } from 'simple-statistics'
import type { Comparison } from '../../nas/pipelines/densenas/comparison.ts'
import type { LatencyTable } from '../../nas/pipelines/densenas/latency.ts'
import { date } from '../format.ts'

/** Milliseconds: '12.3 ms'. */
export const ms = (latency: number): string => `${latency.toPrecision(3)} ms`

/** 'measured on Intel Xeon, 2026-11-26 21:50 UTC, each operation within 4 %': what is known of a table. */
export function measurement({ device, measuredAt, spread }: LatencyTable): string {
  const parts = [
    spread === undefined ? `from ${device}` : `measured on ${device}`,
    ...(measuredAt === undefined ? [] : [date(measuredAt)]),
    ...(spread === undefined ? [] : [`each operation within ${Math.ceil(spread * 100)} %`]),
  ]
  return parts.join(', ')
}

/** Of the network found and, on average, of the random paths, in milliseconds by the table that the search had. */
export function latenciesIn({ contenders }: Comparison): { found?: number; random?: number } {
  const of = (role: Comparison['contenders'][number]['role']) => {
    const latencies = contenders.flatMap((each) => (each.role === role ? (each.latency ?? []) : []))
    return latencies.length === 0 ? undefined : mean(latencies)
  }
  const [found, random] = [of('derived'), of('random')]
  return { ...(found !== undefined && { found }), ...(random !== undefined && { random }) }
}
