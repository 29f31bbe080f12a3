/**
 * Loads a module when it is first asked for: what few functions need, and all of them would wait for at their start. Once that is
 * there, asking for it takes no time.
 */
export function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => (loading ??= load())
}
