import type { PipelineContract } from '../../runs/pipeline.ts'
import { classification } from '../../tasks/classification.ts'
import { type DenseNasConfig, denseNasConfigSchema } from './config.ts'
import { denseNasLayout } from './keys.ts'
import { denseNasProgress } from './progress.ts'
import { denseNasReferences } from './references.ts'
import { type DenseNasFacts, facts } from './run.ts'
import { denseNasSize } from './size.ts'
import { classifierSpecSchema, supernetSpecSchema } from './specs.ts'

export const denseNas = {
  name: 'densenas',
  task: classification,
  config: denseNasConfigSchema,
  facts,
  jobs: ['latency', 'supernet', 'classifier'],
  trials: { supernet: supernetSpecSchema, classifier: classifierSpecSchema },
  layout: denseNasLayout,
  progress: denseNasProgress,
  references: denseNasReferences,
  size: denseNasSize,
} as const satisfies PipelineContract<DenseNasConfig, DenseNasFacts>
