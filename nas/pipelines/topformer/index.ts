import type { PipelineContract } from '../../runs/pipeline.ts'
import { segmentation } from '../../tasks/segmentation.ts'
import { type TopformerConfig, topformerConfigSchema } from './config.ts'
import { topformerLayout } from './keys.ts'
import { topformerProgress } from './progress.ts'
import { topformerReferences } from './references.ts'
import { topformerSize } from './size.ts'
import { evaluateSpecSchema, supernetSpecSchema, trainSpecSchema } from './specs.ts'

export const topformer = {
  name: 'topformer',
  task: segmentation,
  config: topformerConfigSchema,
  facts: {},
  jobs: ['latency', 'supernet', 'evaluate', 'train'],
  trials: { supernet: supernetSpecSchema, evaluate: evaluateSpecSchema, train: trainSpecSchema },
  layout: topformerLayout,
  progress: topformerProgress,
  references: topformerReferences,
  size: topformerSize,
} as const satisfies PipelineContract<TopformerConfig>
