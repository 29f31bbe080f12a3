import { compare } from '../../densenas/compare.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(compare)
