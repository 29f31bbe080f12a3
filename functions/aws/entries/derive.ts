import { derive } from '../../densenas/derive.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(derive)
