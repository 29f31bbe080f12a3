import type { Json } from '../../pipelines/asl.ts'
import { StateFailure } from './failure.ts'

/** A payload must be smaller than 256 KiB of UTF-8. */
const payloadLimit = 256 * 1024

/** The value after serialisation; undefined becomes null. */
export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json

/** @throws StateFailure States.DataLimitExceeded, which is terminal */
export function withinLimit(value: Json, what: string): Json {
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes < payloadLimit) return value
  throw new StateFailure(
    'States.DataLimitExceeded',
    `${what} has ${bytes} bytes; a payload must have fewer than ${payloadLimit}`,
  )
}
