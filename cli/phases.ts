import type { JobKind } from '../nas/runs/job.ts'

/** The phases of all pipelines, each with its kind of job and, where it has trials to count, what their score is. */
export const PHASES = {
  pretraining: { job: 'pretrain' },
  features: { job: 'features' },
  search: { job: 'proxy-task', score: 'mIoU' },
  'full training': { job: 'train', score: 'mIoU' },
  'new data': { job: 'survey' },
  latencies: { job: 'latency' },
  supernet: { job: 'supernet' },
  comparison: { job: 'classifier', score: 'top-1' },
} as const satisfies Readonly<Record<string, { readonly job: JobKind; readonly score?: string }>>

export type Phase = keyof typeof PHASES

/** What the scores of a phase are; undefined for one that is a single job. */
export const scoreOf = (phase: Phase): string | undefined =>
  (PHASES as Readonly<Record<Phase, { readonly score?: string }>>)[phase].score
