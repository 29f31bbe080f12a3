import type { PipelineContract } from '../../runs/pipeline.ts'
import { segmentation } from '../../tasks/segmentation.ts'
import { type TopformerConfig, topformerConfigSchema } from './config.ts'
import { topformerLayout } from './keys.ts'
import { pretrainSpecSchema } from './pretraining.ts'
import { topformerProgress } from './progress.ts'
import { topformerReferences } from './references.ts'
import { facts, type TopformerFacts } from './run.ts'
import { topformerSize } from './size.ts'
import { evaluateSpecSchema, supernetSpecSchema, trainSpecSchema } from './specs.ts'

export const topformer = {
  name: 'topformer',
  task: segmentation,
  config: topformerConfigSchema,
  facts,
  jobs: ['latency', 'pretrain', 'supernet', 'evaluate', 'train'],
  trials: {
    pretrain: pretrainSpecSchema,
    supernet: supernetSpecSchema,
    evaluate: evaluateSpecSchema,
    train: trainSpecSchema,
  },
  layout: topformerLayout,
  progress: topformerProgress,
  references: topformerReferences,
  size: topformerSize,
} as const satisfies PipelineContract<TopformerConfig, TopformerFacts>
