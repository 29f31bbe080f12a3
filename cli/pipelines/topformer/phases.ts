import type { Phase } from '../pipeline.ts'

const latencies: Phase = { name: 'latencies', job: 'latency', score: null }
const supernet: Phase = { name: 'supernet', job: 'supernet', score: 'mIoU' }
const search: Phase = { name: 'search', job: 'evaluate', score: 'mIoU' }
const comparison: Phase = { name: 'comparison', job: 'train', score: 'mIoU' }

export const PHASES = { latencies, supernet, search, comparison } as const

export const phaseByState: Readonly<Record<string, Phase>> = {
  Measure: latencies,
  Supernet: supernet,
  Propose: search,
  Derive: comparison,
}
