import { TrellisError } from '../../nas/errors.ts'
import { functionAt } from '../handlers.ts'
import { figuresOf } from './figures.ts'
import { onLambda } from './on-lambda.ts'

/* The one program of all functions: the environment says which of them it is. */

const address = process.env.TRELLIS_FUNCTION ?? ''
if (address === '')
  throw new TrellisError('invalid-pipeline', 'TRELLIS_FUNCTION does not say which function this is', {
    fix: 'trellis deploy',
  })
const found = functionAt(address)
if (found === undefined)
  throw new TrellisError('invalid-pipeline', `there is no function ${address}`, { fix: 'trellis deploy' })

export const handler = onLambda(found.make, found.definition.publishes ? figuresOf : undefined)
