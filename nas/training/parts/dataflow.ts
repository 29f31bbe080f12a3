import PQueue from 'p-queue'

/** Names that a task reads and writes. What it changes, it reads and writes. */
export interface Access {
  readonly reads: Iterable<string>
  readonly writes: Iterable<string>
}

interface Task {
  readonly done: Promise<unknown>
  /** Tasks that depend on it. */
  readonly dependents: Task[]
}

/**
 * Runs tasks as if one after the other, in the order in which they are given, but each as soon as its dependencies are done:
 * the tasks before it that write what it reads or writes, or read what it writes. Of the tasks that are ready, the one with
 * the longest critical path runs first.
 * @param concurrency tasks that run at a time
 * @returns what starts a task; it fails where one that it depends on fails
 */
export function dataflow(concurrency: number): <T>(access: Access, run: () => Promise<T>) => Promise<T> {
  const schedule = prioritised(concurrency)
  const priorityOf = criticalPaths()
  const writers = new Map<string, Task>()
  const readers = new Map<string, Task[]>()
  return <T>(access: Access, run: () => Promise<T>) => {
    const [reads, writes] = [new Set(access.reads), new Set(access.writes)]
    const dependencies = [
      ...[...reads, ...writes].flatMap((name) => writers.get(name) ?? []),
      ...[...writes].flatMap((name) => readers.get(name) ?? []),
    ]
    const dependents: Task[] = []
    const done: Promise<T> = Promise.all(dependencies.map((each) => each.done)).then(() =>
      schedule(priorityOf(task), run),
    )
    const task: Task = { done, dependents }
    for (const each of dependencies) each.dependents.push(task)
    for (const name of reads) readers.set(name, [...(readers.get(name) ?? []), task])
    for (const name of writes) {
      writers.set(name, task)
      readers.delete(name)
    }
    return done
  }
}

/** Lengths of critical paths: of the longest chains of tasks that depend on a task. */
function criticalPaths(): (task: Task) => number {
  const known = new Map<Task, number>()
  return function length(task: Task): number {
    const longest = known.get(task) ?? Math.max(0, ...task.dependents.map((each) => 1 + length(each)))
    known.set(task, longest)
    return longest
  }
}

/** Runs what is added, the highest priority first, among all that is ready in a turn of the event loop. */
function prioritised(concurrency: number): <T>(priority: number, run: () => Promise<T>) => Promise<T> {
  const queue = new PQueue({ concurrency })
  // The queue would start what is added at once, and what waits as soon as a task is done, before its dependents are added.
  const startInNextTurn = () => {
    queue.pause()
    setImmediate(() => queue.start())
  }
  return (priority, run) => {
    startInNextTurn()
    return queue.add(() => run().finally(startInNextTurn), { priority })
  }
}
