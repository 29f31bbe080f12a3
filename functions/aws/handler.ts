import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { functionAt } from '../handlers.ts'
import { figuresOf } from './figures.ts'
import { onLambda } from './on-lambda.ts'

/* The one program of all functions: the environment says which of them it is. */

const address = z.string().min(1).parse(process.env.TRELLIS_FUNCTION)
const found = functionAt(address)
if (found === undefined)
  throw new TrellisError('invalid-pipeline', `there is no function ${address}`, { fix: 'trellis deploy' })

export const handler = onLambda(found.make, found.definition.publishes ? figuresOf : undefined)
