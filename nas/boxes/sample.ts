import type { Random } from '../random.ts'
import { BACKGROUND } from './match.ts'

export interface SampleOptions {
  /** Rows that train. */
  readonly size: number
  /** The largest part of them that match a truth. */
  readonly positive: number
}

export interface Sampled {
  readonly positive: readonly number[]
  readonly negative: readonly number[]
}

/** Rows to train with: at most a part of them positive, the others background (Faster R-CNN, section 3.1.3). */
export function sample(
  matches: Int32Array,
  { size, positive: part }: SampleOptions,
  stream: Random,
): Sampled {
  const rows = { positive: [] as number[], negative: [] as number[] }
  for (const [row, truth] of matches.entries())
    if (truth >= 0) rows.positive.push(row)
    else if (truth === BACKGROUND) rows.negative.push(row)
  const positive = some(rows.positive, Math.floor(size * part), stream)
  return { positive, negative: some(rows.negative, size - positive.length, stream) }
}

/** At most `most` of the rows, each as likely as the others, in ascending order. */
function some(rows: readonly number[], most: number, stream: Random): readonly number[] {
  if (rows.length <= most) return rows
  const left = [...rows]
  for (let i = 0; i < most; i++) {
    const j = i + stream.integer(left.length - i)
    ;[left[i], left[j]] = [left[j]!, left[i]!]
  }
  return left.slice(0, most).toSorted((i, j) => i - j)
}
