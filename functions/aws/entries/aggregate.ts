import { aggregate } from '../../dpc/aggregate.ts'
import { figuresOf } from '../figures.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(aggregate, figuresOf)
