import { contentHash } from '../hash.ts'
import { jsonBytes } from '../store/json.ts'
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
