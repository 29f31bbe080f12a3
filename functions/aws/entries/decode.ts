import { decode } from '../../dpc/decode.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(decode)
