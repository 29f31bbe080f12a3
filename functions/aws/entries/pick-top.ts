import { pickTop } from '../../dpc/pick-top.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(pickTop)
