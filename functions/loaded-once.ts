const all: (() => Promise<unknown>)[] = []

/**
 * Loads a module when it is first asked for: what few functions need, and all of them would wait for at their start. Once that is
 * there, asking for it takes no time.
 */
export function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  const loaded = () => (loading ??= load())
  all.push(loaded)
  return loaded
}

/** Loads all of them, where nothing may wait for a module later. */
export const loadAll = async (): Promise<void> => void (await Promise.all(all.map((loaded) => loaded())))
