import { createHash } from 'node:crypto'
import stringify from 'safe-stable-stringify'

/** JSON with sorted keys: equal values give equal text. */
export const canonicalJson = (value: unknown): string => stringify(value) ?? 'null'

/** A short content address (32 hex digits of SHA-256) of any JSON value. */
export const contentHash = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32)
