import { finalizeWith } from '../../functions/finalize.ts'
import { type Handlers, handlersOf } from '../../functions/handlers.ts'
import { pipelines } from '../../functions/index.ts'
import type { Services } from '../../functions/lambda-function.ts'
import type { Pipeline } from '../../pipelines/pipeline.ts'
import type { Queue } from '../batch/queue.ts'
import { runJob } from './job.ts'

/** What is under test. Each part can be wrapped, to see whether a defect of it would be found. */
export interface Product {
  /** Machines, functions and jobs of a pipeline. */
  readonly definition: (pipeline: string) => Pipeline
  readonly handlers: (pipeline: string, services: Services) => Handlers
  readonly runJob: typeof runJob
  /** How the interpreter reaches Batch. */
  readonly queue: (queue: Queue) => Queue
}

export const product: Product = {
  definition: (pipeline) => pipelines.of(pipeline).definition,
  handlers: (pipeline, services) => ({
    ...handlersOf(pipeline, services),
    // The report is a pure function of the rest, and drawing it takes longer than all else.
    Finalize: finalizeWith(async () => 'not drawn')(services),
  }),
  runJob,
  queue: (queue) => queue,
}
