import type { PipelineContract } from '../../runs/pipeline.ts'
import { detection } from '../../tasks/detection.ts'
import { type AutoFpnConfig, autoFpnConfigSchema } from './config.ts'
import { autoFpnLayout } from './keys.ts'
import { autoFpnProgress } from './progress.ts'
import { autoFpnReferences } from './references.ts'
import { type AutoFpnFacts, facts } from './run.ts'
import { autoFpnSize } from './size.ts'
import { detectorSpecSchema, proxySpecSchema, supernetSpecSchema } from './specs.ts'

export const autoFpn = {
  name: 'auto-fpn',
  task: detection,
  config: autoFpnConfigSchema,
  facts,
  jobs: ['backbone', 'features', 'neck', 'head', 'evolution', 'detector'],
  trials: { supernet: supernetSpecSchema, proxy: proxySpecSchema, detector: detectorSpecSchema },
  layout: autoFpnLayout,
  progress: autoFpnProgress,
  references: autoFpnReferences,
  size: autoFpnSize,
} as const satisfies PipelineContract<AutoFpnConfig, AutoFpnFacts>
