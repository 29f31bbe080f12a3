import type { Phase } from '../pipeline.ts'

const latencies: Phase = { name: 'latencies', job: 'latency', score: null }
const supernet: Phase = { name: 'supernet', job: 'supernet', score: null }
const comparison: Phase = { name: 'comparison', job: 'classifier', score: 'top-1' }

export const PHASES = { latencies, supernet, comparison } as const

export const phaseByState: Readonly<Record<string, Phase>> = {
  Measure: latencies,
  Supernet: supernet,
  Derive: comparison,
}
