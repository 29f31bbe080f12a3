import { settle } from '../../settle.ts'
import { figuresOf } from '../figures.ts'
import { onLambda } from '../on-lambda.ts'

export const handler = onLambda(settle, figuresOf)
