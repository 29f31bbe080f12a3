import { correlate } from '../../dpc/correlate.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(correlate)
