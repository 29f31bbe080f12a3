import { recordFailure } from '../../record-failure.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(recordFailure)
