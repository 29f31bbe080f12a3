import type { JobQueue } from 'aws-cdk-lib/aws-batch'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Card } from '../../nas/runs/prices.ts'
import type { Functions } from '../functions.ts'

/** All of a deployment that is watched. */
export interface Watched {
  readonly name: string
  readonly functions: Functions
  /** Of each card, all its queues. */
  readonly batches: readonly { readonly card: Card; readonly queues: readonly JobQueue[] }[]
  readonly machines: readonly {
    readonly card: Card
    /** Of the machine, without what begins its physical name. */
    readonly name: string
    readonly machine: StateMachine
  }[]
}
