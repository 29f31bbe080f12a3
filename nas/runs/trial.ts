import { z } from 'zod'
import { contentHash } from '../hash.ts'
import { jsonBytes, RESUME, requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'

/** All that determines the result of a trial, and nothing else. */
export interface TrialSpec {
  readonly kind: string
  readonly contract: number
  readonly seed: number
}

export const trialKey = (spec: TrialSpec): string => contentHash(spec)

/** Writes the spec where jobs look for it; returns the trial's key. Equal trials write equal bytes. */
export async function putSpec<Spec extends TrialSpec>(store: ObjectStore, spec: Spec): Promise<string> {
  const trial = trialKey(spec)
  await store.put(trialKeys(trial).spec, jsonBytes(spec))
  return trial
}

/**
 * The spec of a trial, whose key is its checksum.
 * @throws TrellisError `store-failed` for one that is damaged
 */
export async function readSpec(
  store: Pick<ObjectStore, 'get' | 'location'>,
  trial: string,
): Promise<unknown> {
  const ofTrial = z.unknown().refine((spec) => contentHash(spec) === trial)
  return requireJson(store, trialKeys(trial).spec, ofTrial, RESUME, RESUME)
}
