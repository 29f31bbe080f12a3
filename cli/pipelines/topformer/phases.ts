import type { Phase } from '../pipeline.ts'

const latencies: Phase = { name: 'latencies', job: 'latency', score: null }
const pretraining: Phase = { name: 'pretraining', job: 'pretrain', score: 'top-1' }
const supernet: Phase = { name: 'supernet', job: 'supernet', score: 'mIoU' }
const search: Phase = { name: 'search', job: 'evaluate', score: 'mIoU' }
const comparison: Phase = { name: 'comparison', job: 'train', score: 'mIoU' }

export const PHASES = { latencies, pretraining, supernet, search, comparison } as const

export const phaseByState: Readonly<Record<string, Phase>> = {
  Measure: latencies,
  Pretrain: pretraining,
  Supernet: supernet,
  Propose: search,
  Derive: comparison,
}
