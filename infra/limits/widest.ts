import type { Json } from '../../pipelines/asl.ts'
import type { SearchSize } from './size.ts'

/*
 * The widest values that can stand where a definition has an expression. Bytes are those of UTF-8.
 */

export const bytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value))

const hash = 'f'.repeat(32)
export const RUN = 'r'.repeat(63)
const ARN = 'a'.repeat(256)
/** Of 1,000 characters, each of which JSON may write as six. */
const REASON = '\u0001'.repeat(1000)
const KEY = `runs/${RUN}/decoded/`.padEnd(128, 'k')

/** What a child of a map works on. */
export const shard = ({ trialsPerJob }: Pick<SearchSize, 'trialsPerJob'>) => ({
  run: RUN,
  trials: Array.from({ length: trialsPerJob }, () => hash),
})

/**
 * Everything that any payload of the contracts holds (ARCHITECTURE.md, "Functions"): no answer of a function and no input of
 * a state is wider, but for the trials of a shard.
 */
const CONTRACT = {
  run: RUN,
  concurrency: 10_000,
  backbone: hash,
  features: hash,
  pretrain: false,
  cacheFeatures: false,
  latency: false,
  trial: hash,
  round: 9_999_999,
  manifest: KEY,
  pending: 9_999_999,
  enough: false,
  reason: REASON,
  tried: 9_999_999,
  best: 0.1234567890123456,
  recorded: 9_999_999,
  edition: hash,
  usd: 0.1234567890123456,
  due: false,
  survey: false,
  winner: hash,
  decoded: KEY,
  summary: KEY,
  report: KEY,
  error: REASON,
  cause: REASON,
}

/** Of any payload that is passed by key. */
export const widestPayload = (size: SearchSize): number => bytes({ ...CONTRACT, ...shard(size) })

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
  // Whatever else is computed is made of the shard, as text.
  return text.startsWith('{%') ? JSON.stringify({ trials: shard(size).trials }) : text
}
