import type { TrainingResult } from '../training/loop.ts'
import { Interrupted } from './interrupted.ts'
import { type Failed, failed } from './result.ts'

/** The losses of a training that came to its end, or its failure. @throws Interrupted where it was told to stop */
export function completed(
  result: TrainingResult,
): { readonly losses: readonly number[] } | { readonly failed: Failed } {
  if (result.kind === 'interrupted') throw new Interrupted()
  if (result.kind === 'finished') return result
  return { failed: failed(`diverged at step ${result.step}: ${result.what}`) }
}
