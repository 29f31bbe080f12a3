import { z } from 'zod'
import { finalize } from '../../functions/finalize.ts'
import { recordFailure } from '../../functions/record-failure.ts'
import { withChecksum } from '../../nas/graph/onnx/checksum.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { putResult, type Result } from '../../nas/runs/result.ts'
import type { TrialSpec } from '../../nas/runs/trial.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Succeeded } from '../../nas/tasks/result.ts'

export const HOUR = 3_600_000

/** The functions that the machines of all pipelines call. */
export const sharedIn = (store: ObjectStore) => ({
  RecordFailure: recordFailure({ store }),
  Finalize: finalize({ store }),
})

export const start = (store: ObjectStore, record: RunRecord) =>
  store.put(runKeys(record.run).config, jsonBytes(record))

const specSchema: z.ZodType<TrialSpec> = z.looseObject({
  kind: z.string(),
  contract: z.number(),
  seed: z.number(),
})

/** As ONNX: a graph of some bytes. */
export const modelOf = (trial: string): Uint8Array =>
  withChecksum(Uint8Array.of(0x3a, trial.length, ...new TextEncoder().encode(trial)))

/** Does the work of all jobs of a manifest. */
export async function work<S extends Succeeded>(
  store: ObjectStore,
  manifest: string,
  score: (spec: TrialSpec) => Result<S>,
  success: z.ZodType<S>,
): Promise<void> {
  const lines = new TextDecoder()
    .decode(await store.get(manifest))
    .trim()
    .split('\n')
    .filter(Boolean)
  for (const line of lines) {
    for (const trial of (JSON.parse(line) as { trials: string[] }).trials) {
      const keys = trialKeys(trial)
      const spec = await requireJson(store, keys.spec, specSchema, 'propose')
      await store.put(keys.model, modelOf(trial))
      await putResult(store, trial, score(spec), success)
    }
  }
}
