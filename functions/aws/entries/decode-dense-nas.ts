import { decodeDenseNas } from '../../densenas/decode.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(decodeDenseNas)
