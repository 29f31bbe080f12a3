/** A trial bears so many deaths at one step, in an execution of its run, without being blamed for them: see MAX_STARTS. */
const BEARABLE_DEATHS = 3

/** Hosts that have died without notice, by the run and the trial that each worked on. */
export interface Deaths {
  count(run: string, trial: string): void
  /** Whether the host that works on it may die too. Undefined for one that has not begun a trial yet. */
  bearsAnother(run: string, trial: string | undefined): boolean
  /** A run that is resumed gives each trial all of its attempts again. */
  forget(run: string): void
}

export function createDeaths(): Deaths {
  const deaths = new Map<string, Map<string, number>>()
  const ofRun = (run: string) => deaths.get(run) ?? new Map<string, number>()
  const of = (run: string, trial: string) => ofRun(run).get(trial) ?? 0
  return {
    count: (run, trial) => void deaths.set(run, ofRun(run).set(trial, of(run, trial) + 1)),
    forget: (run) => void deaths.delete(run),
    bearsAnother: (run, trial) => trial === undefined || of(run, trial) < BEARABLE_DEATHS,
  }
}
