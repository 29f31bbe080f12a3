import { propose } from '../../dpc/propose.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(propose)
