import { type ErrorCode, TrellisError } from '../errors.ts'
import { Interrupted } from './interrupted.ts'

/**
 * Whose failure an error is. One of the `trial` is its result, in whatever run. One of the `infrastructure` (machine, store, data)
 * says nothing about the trial: it ends the job, and in the end the run, which is resumed once that is mended. An `unknown` one is
 * tried again, and then counts for the run that met it alone.
 */
export type Origin = 'trial' | 'infrastructure' | 'unknown'

const OF_TRIAL: readonly ErrorCode[] = ['invalid-graph', 'invalid-genotype', 'trial-failed']

export function originOf(error: unknown): Origin {
  if (error instanceof Interrupted) return 'infrastructure'
  if (error instanceof TrellisError) return OF_TRIAL.includes(error.code) ? 'trial' : 'infrastructure'
  if (isOutOfMemory(error)) return 'trial'
  return isSystemError(error) ? 'infrastructure' : 'unknown'
}

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && OUT_OF_MEMORY.test(error.message)

/** As V8, the standard library of C++, ONNX Runtime, CUDA, cuDNN, cuBLAS and TensorFlow say it. */
const OUT_OF_MEMORY =
  /array buffer allocation failed|invalid typed array length|bad.?alloc|failed to allocate memory|out of memory|CU(DNN|BLAS)_STATUS_ALLOC_FAILED|OOM when allocating/i

/** Of a system call, as ENOSPC or EMFILE. */
const isSystemError = (error: unknown): boolean =>
  error instanceof Error && /^E[A-Z0-9]+$/.test(String((error as NodeJS.ErrnoException).code))

export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!
