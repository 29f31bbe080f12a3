import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { WORDS } from '../words.ts'
import { runNameSchema } from './config.ts'
import { hashSchema } from './contract.ts'

/** What a job that ended with this exit status asks for. */
export const EXIT = { done: 0, permanentFailure: 2, retry: 75 } as const

const jobInputSchema = z.object({ trials: z.array(hashSchema).readonly().default([]) }).readonly()

const environmentSchema = z.object({
  TRELLIS_JOB: z.string().min(1),
  TRELLIS_RUN: runNameSchema,
  TRELLIS_STORE: z.string().min(1),
  TRELLIS_INPUT: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' })
        return z.NEVER
      }
    })
    .pipe(jobInputSchema),
  TRELLIS_CORES: z.enum(['all', 'one']).default('one'),
  TRELLIS_VCPUS: z.coerce.number<string>().int().positive().optional(),
  TRELLIS_DEADLINE: z.coerce.number<string>().int().positive().optional(),
  TRELLIS_DEVICE: z.enum(['cpu', 'cuda']).default('cpu'),
  AWS_BATCH_JOB_ID: z.string().min(1),
  AWS_BATCH_JOB_ATTEMPT: z.coerce.number<string>().int().positive(),
})

/**
 * What a job's process is to start with. Kernels run on libuv's threads: with as many as there are cores, what runs next waits
 * its turn instead of taking that of others. In large pages, glibc's memory takes 3 % less time to walk (bench/README.md).
 */
export const processEnvironment = (cores: number) => ({
  UV_THREADPOOL_SIZE: String(cores),
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
})

/** What a job is asked to do. */
export interface Job {
  /** Its kind, which the pipeline of its run knows. */
  readonly job: string
  readonly run: string
  readonly store: string
  readonly trials: readonly string[]
  /** Cores for its kernels: all of the machine's, or one, where as many jobs share it as it has cores. */
  readonly cores: 'all' | 'one'
  /** How many cores it has of its machine, where that has more; undefined where it has the machine to itself. */
  readonly vcpus?: number | undefined
  /** When nobody waits for it any more, in milliseconds since 1970. */
  readonly deadline?: number | undefined
  /** What runs graphs; the image says so. */
  readonly device: 'cpu' | 'cuda'
  readonly jobId: string
  readonly attempt: number
}

/** @throws TrellisError `job-failed` naming the variable that is wrong */
export function parseJob(environment: Readonly<Record<string, string | undefined>>): Job {
  const parsed = environmentSchema.safeParse(environment, WORDS)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw new TrellisError('job-failed', `not the environment of a job: ${path.join('.')}: ${message}`, {
      fix: 'let a pipeline start jobs; ARCHITECTURE.md lists their variables',
      cause: parsed.error,
    })
  }
  const { data } = parsed
  return {
    job: data.TRELLIS_JOB,
    run: data.TRELLIS_RUN,
    store: data.TRELLIS_STORE,
    trials: data.TRELLIS_INPUT.trials,
    cores: data.TRELLIS_CORES,
    vcpus: data.TRELLIS_VCPUS,
    deadline: data.TRELLIS_DEADLINE,
    device: data.TRELLIS_DEVICE,
    jobId: data.AWS_BATCH_JOB_ID,
    attempt: data.AWS_BATCH_JOB_ATTEMPT,
  }
}
