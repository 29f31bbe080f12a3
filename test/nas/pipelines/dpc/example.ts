import type { DpcConfig } from '../../../../nas/pipelines/dpc/config.ts'
import { dpc } from '../../../../nas/pipelines/dpc/index.ts'
import type { DpcRun } from '../../../../nas/pipelines/dpc/run.ts'
import { parseConfig } from '../../../../nas/pipelines/parse-config.ts'
import { runOf, runRecordSchema } from '../../../../nas/pipelines/run.ts'
import { CONTRACT } from '../../../../nas/runs/contract.ts'
import { applyOverrides } from '../../../../nas/runs/overrides.ts'

export const minimal = {
  pipeline: 'dpc',
  dataset: { kind: 'street' },
  rerank: { baselines: { random: 1 } },
  budget: { trials: 12 },
}

/** A valid configuration of dpc with some keys set, as on the command line. */
export const aConfig = (...overrides: readonly string[]): DpcConfig =>
  parseConfig(applyOverrides(minimal, overrides), 'test') as DpcConfig

/** A run that started at time 0. */
export const aRun = (run: string, ...overrides: readonly string[]): DpcRun =>
  runOf(
    runRecordSchema.parse({
      run,
      config: aConfig(...overrides),
      dataset: { fingerprint: 'street-0', classes: ['road', 'sky'], train: 4, validation: 2 },
      code: '0.1.0',
      contract: CONTRACT,
      startedAt: 0,
    }),
    dpc,
  )
