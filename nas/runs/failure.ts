import { type ErrorCode, TrellisError } from '../errors.ts'
import { Interrupted } from './interrupted.ts'

/**
 * Whose failure an error is. One of the `trial` is its result, in whatever run. One of the `infrastructure` (machine, store, data)
 * says nothing about the trial: it ends the job, and in the end the run, which is resumed once that is mended. An `unknown` one is
 * tried again, and then counts for the run that met it alone. So does want of memory: another machine may have more, or less to do.
 */
export type Origin = 'trial' | 'infrastructure' | 'unknown'

const OF_TRIAL: readonly ErrorCode[] = ['invalid-graph', 'invalid-genotype', 'trial-failed']

export function originOf(error: unknown): Origin {
  if (error instanceof Interrupted) return 'infrastructure'
  if (error instanceof TrellisError) return OF_TRIAL.includes(error.code) ? 'trial' : 'infrastructure'
  return isSystemError(error) ? 'infrastructure' : 'unknown'
}

/** Of a system call, as ENOSPC or EMFILE. */
const isSystemError = (error: unknown): boolean =>
  error instanceof Error && /^E[A-Z0-9]+$/.test(String((error as NodeJS.ErrnoException).code))

export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!
