import { prepareDenseNas } from '../../densenas/prepare.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(prepareDenseNas)
