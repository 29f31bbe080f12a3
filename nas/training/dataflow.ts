import pLimit from 'p-limit'

/** Names that a task reads and writes. What it changes, it reads and writes. */
export interface Access {
  readonly reads: Iterable<string>
  readonly writes: Iterable<string>
}

/**
 * Runs tasks as if one after the other, in the order in which they are given, but each as soon as what it depends on is
 * done: those before it that write what it reads or writes, or read what it writes.
 * @param atOnce tasks that run at a time
 * @returns what starts a task; it fails where one that it depends on fails
 */
export function dataflow(atOnce: number): <T>(access: Access, task: () => Promise<T>) => Promise<T> {
  const limit = pLimit(atOnce)
  const writers = new Map<string, Promise<unknown>>()
  const readers = new Map<string, Promise<unknown>[]>()
  return (access, task) => {
    const [reads, writes] = [new Set(access.reads), new Set(access.writes)]
    const before = [
      ...[...reads, ...writes].map((name) => writers.get(name)),
      ...[...writes].flatMap((name) => readers.get(name) ?? []),
    ]
    const done = Promise.all(before).then(() => limit(task))
    for (const name of reads) readers.set(name, [...(readers.get(name) ?? []), done])
    for (const name of writes) {
      writers.set(name, done)
      readers.delete(name)
    }
    return done
  }
}
