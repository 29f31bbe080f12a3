import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Processes that a process has started; none where the system does not say (Linux does). */
export function childrenOf(pid: number): readonly number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

/** Objects that say when something was done, or how often, or what is still to do. */
const OF_ITS_TIME = [
  /^runs\/a\/(config|summary|ledger|job-failure|history)\.json$/,
  /^runs\/a\/(ledger|sessions|starts|failures)\//,
  /\.jsonl$/,
  /report\.html$/,
  /checkpoint\.safetensors$/,
  // What a job left that was killed within a write.
  /\.unfinished-/,
]

/** What is not the same in two stores, of all that does not depend on time. */
export function differencesOf(one: string, other: string): readonly string[] {
  const keys = new Set([...keysOf(one), ...keysOf(other)])
  return [...keys]
    .filter((key) => !OF_ITS_TIME.some((pattern) => pattern.test(key)))
    .flatMap((key) => {
      const paths = [join(one, key), join(other, key)]
      if (!paths.every((path) => existsSync(path))) return [`${key} is only in one of them`]
      const [a, b] = paths.map((path) => readFileSync(path))
      return a!.equals(b!) ? [] : [`${key} is not the same`]
    })
}

const keysOf = (store: string): readonly string[] =>
  readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(store.length + 1))
