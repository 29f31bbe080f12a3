import { ANSWER_BYTES } from '../../functions/answer.ts'
import type { SearchSize } from '../../nas/runs/search-size.ts'
import type { Json } from '../../pipelines/asl.ts'

/*
 * The widest values that can stand where a definition has an expression. Bytes are those of UTF-8.
 */

export const bytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value))

const hash = 'f'.repeat(32)
const RUN = 'r'.repeat(63)
/** Since 1970, for the next 250 years. */
const MILLISECONDS = '9999999999999'
const ARN = 'a'.repeat(256)
/** Of 1,000 characters, each of which JSON may write as six. */
const REASON = '\u0001'.repeat(1000)

/** What a child of a map works on. */
export const shard = ({ trialsPerJob }: Pick<SearchSize, 'trialsPerJob'>) => ({
  run: RUN,
  trials: Array.from({ length: trialsPerJob }, () => hash),
})

/** What the input of an execution, a failed Task and a failed job add to the answer of a function. */
const ADDED = {
  concurrency: 10_000,
  usd: 0.1234567890123456,
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: ARN,
  error: REASON,
  cause: REASON,
}

/** No answer of a function and no input of a state is wider. States pass keys, and functions refuse answers above their limit. */
export const widestPayload = (size: SearchSize): number => ANSWER_BYTES + bytes({ ...ADDED, ...shard(size) })

/** A literal of a definition with the widest values in the places of its names and expressions. */
export function widen(value: Json, size: SearchSize): Json {
  if (typeof value === 'string') return widenText(value, size)
  if (Array.isArray(value)) return value.map((each: Json) => widen(each, size))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, widen(each, size)]))
}

function widenText(text: string, size: SearchSize): string {
  if (/^\$\{\w+\}$/.test(text)) return ARN
  if (/^\{% \$(states\.input\.)?run %\}$/.test(text)) return RUN
  if (text.startsWith('{% $string($toMillis(')) return MILLISECONDS
  // Everything else that is computed is made of the shard, as text.
  return text.startsWith('{%') ? JSON.stringify({ trials: shard(size).trials }) : text
}
