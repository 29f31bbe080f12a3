import { TrellisError } from '../nas/errors.ts'

/** The most bytes of an answer as JSON: state machines pass keys, never results, and infra/limits proves that such answers fit. */
export const ANSWER_BYTES = 8192

/** @returns the answer @throws TrellisError `invalid-pipeline` for one of more bytes */
export function checkAnswer<Output>(name: string, output: Output): Output {
  const bytes = Buffer.byteLength(JSON.stringify(output) ?? '')
  if (bytes <= ANSWER_BYTES) return output
  throw new TrellisError(
    'invalid-pipeline',
    `the answer of ${name} has ${bytes} bytes of at most ${ANSWER_BYTES}`,
    { fix: 'write results to the store, and answer with their key' },
  )
}
