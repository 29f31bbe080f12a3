import type { PipelineContract } from '../../runs/pipeline.ts'
import { segmentation } from '../../tasks/segmentation.ts'
import { type DpcConfig, dpcConfigSchema } from './config.ts'
import { dpcLayout } from './keys.ts'
import { dpcProgress } from './progress.ts'
import { dpcReferences } from './references.ts'
import { type DpcFacts, facts } from './run.ts'
import { dpcSize } from './size.ts'
import { proxySpecSchema, trainSpecSchema } from './specs.ts'

export const dpc = {
  name: 'dpc',
  task: segmentation,
  config: dpcConfigSchema,
  facts,
  jobs: ['pretrain', 'features', 'proxy-task', 'train', 'survey'],
  trials: { proxy: proxySpecSchema, train: trainSpecSchema },
  layout: dpcLayout,
  progress: dpcProgress,
  references: dpcReferences,
  size: dpcSize,
} as const satisfies PipelineContract<DpcConfig, DpcFacts>
