import { prepare } from '../../dpc/prepare.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(prepare)
