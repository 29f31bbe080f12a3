import type { AutoFpnConfig } from '../../../../nas/pipelines/auto-fpn/config.ts'
import { autoFpn } from '../../../../nas/pipelines/auto-fpn/index.ts'
import type { AutoFpnRun } from '../../../../nas/pipelines/auto-fpn/run.ts'
import { parseConfig } from '../../../../nas/pipelines/parse-config.ts'
import { runOf, runRecordSchema } from '../../../../nas/pipelines/run.ts'
import { CONTRACT } from '../../../../nas/runs/contract.ts'
import { applyOverrides } from '../../../../nas/runs/overrides.ts'

export const minimal = {
  pipeline: 'auto-fpn',
  dataset: { kind: 'street' },
  image: [64, 64],
  backbone: { width: 0.1 },
}

/** A valid configuration with some keys set, as on the command line. */
export const aConfig = (...overrides: readonly string[]): AutoFpnConfig =>
  parseConfig(applyOverrides(minimal, overrides), 'test') as AutoFpnConfig

/** A run that started at time 0. */
export const aRun = (run: string, ...overrides: readonly string[]): AutoFpnRun =>
  runOf(
    runRecordSchema.parse({
      run,
      config: aConfig(...overrides),
      dataset: { fingerprint: 'street-0', classes: ['car', 'person'], train: 90, validation: 30 },
      code: '0.1.0',
      contract: CONTRACT,
      startedAt: 0,
    }),
    autoFpn,
  )
