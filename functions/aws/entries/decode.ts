import { decode } from '../../decode.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(decode)
