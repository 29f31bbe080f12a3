import type { JobQueue } from 'aws-cdk-lib/aws-batch'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Card } from '../../nas/runs/prices.ts'
import type { FunctionName } from '../../pipelines/names.ts'

/** All of a deployment that is looked at. */
export interface Watched {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, Lambda>>
  readonly batches: readonly { readonly card: Card; readonly queue: JobQueue }[]
  readonly machines: readonly {
    readonly card: Card
    readonly pipeline: string
    readonly machine: StateMachine
  }[]
}
