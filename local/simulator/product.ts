import { functions } from '../../functions/index.ts'
import { settleWith } from '../../functions/settle.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { StateMachine } from '../../pipelines/asl.ts'
import { denseNas } from '../../pipelines/densenas/search.ts'
import { rerank } from '../../pipelines/dpc/rerank.ts'
import { dpc } from '../../pipelines/dpc/search.ts'
import type { Queue } from '../batch/queue.ts'
import type { Functions } from '../lambda.ts'
import { runJob } from './job.ts'

/** What is under test. Each part can be wrapped, to see whether a defect of it would be found. */
export interface Product {
  readonly machines: Readonly<Record<string, StateMachine>>
  readonly functions: (store: ObjectStore) => Functions
  readonly runJob: typeof runJob
  /** How the interpreter reaches Batch. */
  readonly queue: (queue: Queue) => Queue
}

export const product: Product = {
  machines: { dpc, rerank, densenas: denseNas },
  // The report is a pure function of the rest, and to draw it takes longer than all else.
  functions: (store) => ({ ...functions({ store }), Settle: settleWith(async () => 'not drawn')({ store }) }),
  runJob,
  queue: (queue) => queue,
}
