import type { JobContext } from './context.ts'

/** The program of one kind of jobs. */
export interface JobProgram {
  readonly run: (context: JobContext) => Promise<void>
  /** `many` where small programs run side by side and share the cores; otherwise one has them all. */
  readonly programs?: 'many'
}

/** The jobs of a pipeline, by the kinds of its contract. */
export type JobPrograms<Kind extends string = string> = Readonly<Record<Kind, JobProgram>>
