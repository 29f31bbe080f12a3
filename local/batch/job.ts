import { z } from 'zod'

/** What is submitted to the queue: a job definition together with what this job overrides. */
export interface Job {
  readonly name: string
  readonly environment: Readonly<Record<string, string>>
  /** 1 to 10. */
  readonly attempts: number
  /** Of each attempt. One that takes longer is ended, and as on AWS the job is not retried. */
  readonly timeoutSeconds: number
}

/** How one attempt ended. */
export interface Attempt {
  readonly name: string
  readonly jobId: string
  /** Counts from 1, as AWS_BATCH_JOB_ATTEMPT does. */
  readonly attempt: number
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** As long after that as the attempt took, whatever became of the clock meanwhile. */
  readonly endedAt: number
  /** One line for people; empty for an attempt that went well. */
  readonly reason: string
}

/** How a job ended: by its last attempt. */
export interface Outcome {
  readonly jobId: string
  readonly succeeded: boolean
  readonly attempts: readonly Attempt[]
}

/** What a running job says about itself over IPC. It is shown and then forgotten. */
export const progressSchema = z.object({
  kind: z.literal('progress'),
  trial: z.string(),
  step: z.number(),
  steps: z.number(),
  /** null for NaN, which JSON does not know */
  loss: z.number().nullable(),
})
export type Progress = z.infer<typeof progressSchema>
