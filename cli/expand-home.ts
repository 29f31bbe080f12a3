import { homedir } from 'node:os'
import { join } from 'node:path'

/** All of a configuration with `~` written out where a path begins with it: shells do that in arguments, and nobody in a file. */
export function expandHome(value: unknown, home = homedir()): unknown {
  if (typeof value === 'string') return /^~(\/|$)/.test(value) ? join(home, value.slice(1)) : value
  if (Array.isArray(value)) return value.map((item) => expandHome(item, home))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandHome(item, home)]))
}
