import type { VirtualClock } from './clock.ts'

/** Something that runs somewhere and can die at any instant: nothing that it waits for then ever comes. */
export interface SimulatedProcess {
  readonly name: string
  readonly dead: boolean
  /** Ends it, and tells why to those that wait for its end. */
  kill(reason: string): void
  /** Resolves with the reason when it is killed. */
  readonly killed: Promise<string>
  sleep(ms: number): Promise<void>
  /** Passes on what a promise comes to, while the process lives. */
  whileAlive<T>(promise: Promise<T>): Promise<T>
  /** Stands for the end of everything: awaited by what a dead process would have done next. */
  never<T>(): Promise<T>
  /** Whether a fault may kill it now without notice; the trial that it works on can bear only so many deaths. */
  mayDie: () => boolean
  /** Faults spare it where nothing would be proven by one more. */
  spared: boolean
}

export function startProcess(clock: VirtualClock, name: string): SimulatedProcess {
  let dead = false
  let tell: (reason: string) => void = () => {}
  const killed = new Promise<string>((resolve) => {
    tell = resolve
  })
  const never = <T>() => new Promise<T>(() => {})
  const whileAlive = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      promise.then(
        (value) => {
          if (!dead) resolve(value)
        },
        (error) => {
          if (!dead) reject(error)
        },
      )
    })
  return {
    name,
    get dead() {
      return dead
    },
    kill(reason) {
      if (dead) return
      dead = true
      tell(reason)
    },
    killed,
    sleep: (ms) => (dead ? never() : whileAlive(clock.sleep(ms))),
    whileAlive,
    never,
    mayDie: () => true,
    spared: false,
  }
}
