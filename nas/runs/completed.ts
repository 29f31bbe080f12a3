import type { TrainingResult } from '../training/loop.ts'
import { Interrupted } from './interrupted.ts'
import { failed, type Result } from './result.ts'

/** The losses of a training that came to its end; otherwise it was interrupted, or `failed` says what became of it. */
export function completed(
  result: TrainingResult,
): { readonly losses: readonly number[] } | { readonly failed: Result } {
  if (result.kind === 'interrupted') throw new Interrupted()
  if (result.kind === 'finished') return result
  return { failed: failed(`the loss was ${result.loss} at step ${result.step}`) }
}
