import type { Phase } from '../pipeline.ts'

const supernet: Phase = { name: 'supernet', job: 'supernet', score: 'mIoU' }
const search: Phase = { name: 'search', job: 'evaluate', score: 'mIoU' }
const comparison: Phase = { name: 'comparison', job: 'train', score: 'mIoU' }

export const PHASES = { supernet, search, comparison } as const

export const phaseByState: Readonly<Record<string, Phase>> = {
  Supernet: supernet,
  Propose: search,
  Derive: comparison,
}
