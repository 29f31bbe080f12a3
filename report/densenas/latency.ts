import { mean } from 'simple-statistics'
import type { Comparison } from '../../nas/pipelines/densenas/comparison.ts'

/** Of the network found and, on average, of the random paths, in milliseconds by the table that the search had. */
export function latenciesIn({ contenders }: Comparison): { found?: number; random?: number } {
  const of = (role: Comparison['contenders'][number]['role']) => {
    const latencies = contenders.flatMap((each) => (each.role === role ? (each.latency ?? []) : []))
    return latencies.length === 0 ? undefined : mean(latencies)
  }
  const [found, random] = [of('derived'), of('random')]
  return { ...(found !== undefined && { found }), ...(random !== undefined && { random }) }
}
