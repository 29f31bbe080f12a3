import type { DenseNasConfig } from '../../../../nas/pipelines/densenas/config.ts'
import { denseNas } from '../../../../nas/pipelines/densenas/index.ts'
import type { DenseNasRun } from '../../../../nas/pipelines/densenas/run.ts'
import { parseConfig } from '../../../../nas/pipelines/parse-config.ts'
import { runOf, runRecordSchema } from '../../../../nas/pipelines/run.ts'
import { CONTRACT } from '../../../../nas/runs/contract.ts'
import { applyOverrides } from '../../../../nas/runs/overrides.ts'

export const minimal = {
  pipeline: 'densenas',
  dataset: { kind: 'shapes' },
  space: { preset: 'densenas-tiny' },
}

/** A valid configuration with some keys set, as on the command line. */
export const aConfig = (...overrides: readonly string[]): DenseNasConfig =>
  parseConfig(applyOverrides(minimal, overrides), 'test') as DenseNasConfig

/** A run that started at time 0. */
export const aRun = (run: string, ...overrides: readonly string[]): DenseNasRun =>
  runOf(
    runRecordSchema.parse({
      run,
      config: aConfig(...overrides),
      dataset: { fingerprint: 'shapes-0', classes: ['disc', 'square', 'cross'], train: 90, validation: 30 },
      device: 'a processor',
      code: '0.1.0',
      contract: CONTRACT,
      startedAt: 0,
    }),
    denseNas,
  )
