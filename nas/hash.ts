import { sha256 } from './checksum.ts'

/** JSON with sorted keys: equal values give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null'

/** The value itself where its keys are sorted, as those of all that was read from such JSON are; a copy elsewhere. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map(sorted)
    return items.every((item, i) => item === value[i]) ? value : items
  }
  const from = value as Readonly<Record<string, unknown>>
  const keys = Object.keys(from)
  const inOrder = keys.every((key, i) => i === 0 || keys[i - 1]! < key)
  if (!inOrder) keys.sort()
  const inner = keys.map((key) => sorted(from[key]))
  if (inOrder && inner.every((each, i) => each === from[keys[i]!])) return value
  return Object.fromEntries(keys.map((key, i) => [key, inner[i]]))
}

/** A short content address (32 hex digits of SHA-256) of any JSON value. */
export const contentHash = (value: unknown): string => sha256(canonicalJson(value)).slice(0, 32)
