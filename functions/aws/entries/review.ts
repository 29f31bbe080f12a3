import { review } from '../../dpc/review.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(review)
