import type { Json } from '../../pipelines/asl.ts'
import { StateFailure } from './failure.ts'

/** A payload of 256 KiB fails the execution; Step Functions counts UTF-8 bytes. */
export const payloadLimit = 256 * 1024

/** What would be left after a trip over the wire. Nothing at all arrives as null. */
export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json

/** Returns the value, or throws the terminal States.DataLimitExceeded. */
export function withinLimit(value: Json, what: string): Json {
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes < payloadLimit) return value
  throw new StateFailure(
    'States.DataLimitExceeded',
    `${what} has ${bytes} bytes; a payload must have fewer than ${payloadLimit}`,
  )
}
