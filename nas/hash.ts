import { createHash } from 'node:crypto'

/** JSON with sorted keys: equal values give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null'

/** The value itself where its keys are sorted, as those of all that was read from such JSON are; a copy elsewhere. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value)
  const inOrder = Array.isArray(value) || keys.every((key, i) => i === 0 || keys[i - 1]! < key)
  if (!inOrder) keys.sort()
  const from = value as Readonly<Record<string, unknown>>
  const inner = keys.map((key) => sorted(from[key]))
  if (inOrder && inner.every((each, i) => each === from[keys[i]!])) return value
  return Array.isArray(value) ? inner : Object.fromEntries(keys.map((key, i) => [key, inner[i]]))
}

/** A short content address (32 hex digits of SHA-256) of any JSON value. */
export const contentHash = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32)
