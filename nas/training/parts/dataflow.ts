/** Names that a task reads and writes. What it changes, it reads and writes. */
export interface Access {
  readonly reads: Iterable<string>
  readonly writes: Iterable<string>
}

interface Task {
  readonly done: Promise<unknown>
  /** Those that wait for it. */
  readonly followers: Task[]
}

/**
 * Runs tasks as if one after the other, in the order in which they are given, but each as soon as what it depends on is
 * done: those before it that write what it reads or writes, or read what it writes. Of those that could run, the one with
 * the longest row of tasks behind it goes first, lest that row be all that is left in the end.
 * @param atOnce tasks that run at a time
 * @returns what starts a task; it fails where one that it depends on fails
 */
export function dataflow(atOnce: number): <T>(access: Access, run: () => Promise<T>) => Promise<T> {
  const turn = turns(atOnce)
  const behind = rows()
  const writers = new Map<string, Task>()
  const readers = new Map<string, Task[]>()
  return <T>(access: Access, run: () => Promise<T>) => {
    const [reads, writes] = [new Set(access.reads), new Set(access.writes)]
    const before = [
      ...[...reads, ...writes].flatMap((name) => writers.get(name) ?? []),
      ...[...writes].flatMap((name) => readers.get(name) ?? []),
    ]
    const followers: Task[] = []
    const done: Promise<T> = Promise.all(before.map((each) => each.done)).then(() => turn(behind(task), run))
    const task: Task = { done, followers }
    for (const each of before) each.followers.push(task)
    for (const name of reads) readers.set(name, [...(readers.get(name) ?? []), task])
    for (const name of writes) {
      writers.set(name, task)
      readers.delete(name)
    }
    return done
  }
}

/** How many tasks are in the longest row of those that wait for one another behind a task. */
function rows(): (task: Task) => number {
  const known = new Map<Task, number>()
  return function behind(task: Task): number {
    const row = known.get(task) ?? Math.max(0, ...task.followers.map((each) => 1 + behind(each)))
    known.set(task, row)
    return row
  }
}

/** Lets so many run at a time, the most urgent first. */
function turns(atOnce: number): <T>(urgency: number, run: () => Promise<T>) => Promise<T> {
  const waiting: { readonly urgency: number; readonly start: () => Promise<void> }[] = []
  let running = 0
  const next = (): void => {
    while (running < atOnce && waiting.length > 0) {
      const urgent = waiting.reduce((most, each) => (each.urgency > most.urgency ? each : most))
      waiting.splice(waiting.indexOf(urgent), 1)
      running++
      void urgent.start().finally(() => {
        running--
        // What it kept waiting comes first.
        setImmediate(next)
      })
    }
  }
  return (urgency, run) =>
    new Promise((resolve, reject) => {
      waiting.push({ urgency, start: () => run().then(resolve, reject) })
      setImmediate(next)
    })
}
