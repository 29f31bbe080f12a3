import { z } from 'zod'
import { contentHash } from '../hash.ts'
import { classifierSpecSchema, supernetSpecSchema } from '../pipelines/densenas/specs.ts'
import { proxySpecSchema, trainSpecSchema } from '../pipelines/dpc/specs.ts'
import { jsonBytes } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'

/** All that determines the result of a trial, and nothing else. */
export const trialSpecSchema = z.discriminatedUnion('kind', [
  proxySpecSchema,
  trainSpecSchema,
  supernetSpecSchema,
  classifierSpecSchema,
])
export type TrialSpec = z.infer<typeof trialSpecSchema>

export const trialKey = (spec: TrialSpec): string => contentHash(spec)

/** Writes the spec where jobs look for it; returns the trial's key. Equal trials write equal bytes. */
export async function putSpec(store: ObjectStore, spec: TrialSpec): Promise<string> {
  const trial = trialKey(spec)
  await store.put(trialKeys(trial).spec, jsonBytes(spec))
  return trial
}
