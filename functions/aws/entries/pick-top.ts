import { pickTop } from '../../pick-top.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(pickTop)
