/** A trial bears so many deaths at one step without being blamed for them: see MAX_STARTS. */
const BEARABLE_DEATHS = 2

/** Hosts that have died without notice, by the run and the trial that each worked on. */
export interface Deaths {
  count(run: string, trial: string): void
  /** Whether the host that works on it may die too. Undefined for one that has not begun a trial yet. */
  bearsAnother(run: string, trial: string | undefined): boolean
}

export function createDeaths(): Deaths {
  const deaths = new Map<string, number>()
  const of = (run: string, trial: string) => deaths.get(`${run}/${trial}`) ?? 0
  return {
    count: (run, trial) => void deaths.set(`${run}/${trial}`, of(run, trial) + 1),
    bearsAnother: (run, trial) => trial === undefined || of(run, trial) < BEARABLE_DEATHS,
  }
}
