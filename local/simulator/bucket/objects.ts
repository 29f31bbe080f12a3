/** Objects in memory, with an index by folder. */
export interface Objects {
  readonly all: ReadonlyMap<string, Uint8Array>
  set(key: string, bytes: Uint8Array): void
  delete(key: string): void
  /** In the order of their bytes. */
  keysUnder(prefix: string): readonly string[]
}

export function createObjects(initial: ReadonlyMap<string, Uint8Array>): Objects {
  const objects = new Map<string, Uint8Array>()
  const folders = new Map<string, Set<string>>()
  const folderAt = (path: string): Set<string> => {
    const known = folders.get(path) ?? new Set()
    folders.set(path, known)
    return known
  }
  const set = (key: string, bytes: Uint8Array) => {
    if (!objects.has(key)) for (const path of foldersOf(key)) folderAt(path).add(key)
    objects.set(key, bytes)
  }
  for (const [key, bytes] of initial) set(key, bytes)
  return {
    all: objects,
    set,
    delete(key) {
      if (!objects.delete(key)) return
      for (const path of foldersOf(key)) folders.get(path)?.delete(key)
    },
    keysUnder(prefix) {
      const path = prefix.slice(0, prefix.lastIndexOf('/') + 1)
      return [...(folders.get(path) ?? [])].filter((key) => key.startsWith(prefix)).sort()
    },
  }
}

/** ``, `a/` and `a/b/` of `a/b/c`. */
const foldersOf = (key: string): readonly string[] => [
  '',
  ...[...key.matchAll(/\//g)].map(({ index }) => key.slice(0, index + 1)),
]
