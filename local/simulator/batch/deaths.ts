/** A trial bears so many deaths at one step without being blamed for them: see MAX_STARTS. */
const BEARABLE_DEATHS = 2

/** Hosts that have died without notice, by the trial that each worked on. */
export interface Deaths {
  count(trial: string): void
  /** Whether the host that works on it may die too. Undefined for one that has not begun a trial yet. */
  bearsAnother(trial: string | undefined): boolean
}

export function createDeaths(): Deaths {
  const deaths = new Map<string, number>()
  const of = (trial: string) => deaths.get(trial) ?? 0
  return {
    count: (trial) => void deaths.set(trial, of(trial) + 1),
    bearsAnother: (trial) => trial === undefined || of(trial) < BEARABLE_DEATHS,
  }
}
