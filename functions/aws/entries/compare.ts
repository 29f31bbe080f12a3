import { compare } from '../../densenas/compare.ts'
import { figuresOf } from '../figures.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(compare, figuresOf)
