import { type Random, random } from '../../nas/random.ts'

/** Everything that can go wrong, and how likely it is each time that it could. */
export const FAULTS = {
  // A process dies around a write of its own.
  'killed before a write': 0.006,
  'killed during a write': 0.006,
  'killed after a write': 0.006,
  // The object store.
  'store slow': 0.01,
  'store unavailable': 0.004,
  'reply of the store lost': 0.006,
  'stale upload lands late': 0.9,
  'store lost for long': 0.05,
  'store full for long': 0.05,
  'store decays': 0.25,
  'object removed': 0.34,
  'object cut': 0.5,
  'object changed': 1,
  // Hosts.
  'sick host': 0.06,
  'attempt on a sick host': 0.8,
  'host without a card': 0.06,
  'attempt without a card': 0.8,
  'reclaimed with notice': 0.7,
  'reclaimed without notice': 0.6,
  'reclaimed at once': 0.1,
  'duplicate attempt': 0.5,
  'slow host': 0.2,
  'skewed clock': 0.5,
  'clock set by hours': 0.1,
  'on-demand fallback': 1,
  // Services.
  'submission throttled': 0.08,
  'submission refused for long': 0.02,
  'Batch refuses for an hour': 0.06,
  'function throttled': 0.05,
  'function killed': 0.03,
  'function called twice': 0.06,
  'reply of a function lost': 0.03,
  // What drives the run.
  'driver stopped': 0.004,
  'driver killed': 0.004,
  'driver dies again': 0.8,
  'map redriven': 0.5,
  // Other runs in the same store.
  'run beside others': 1,
  'run after others': 1,
  'run abandoned': 1,
  // The trials themselves.
  'trial diverges': 1,
  'trial out of memory': 1,
  'trial raises': 1,
  'trial fails for an unknown reason': 1,
  'budget exhausted': 1,
} as const
export type Fault = keyof typeof FAULTS

export interface Faults {
  /** Whether this fault strikes now; drawn from a stream of its own kind. */
  strikes(fault: Fault): boolean
  /** Notes a fault that came about otherwise. */
  note(fault: Fault): void
  /** For everything else that is left to chance. */
  readonly chance: Random
  /** How often each has struck. */
  readonly counts: ReadonlyMap<Fault, number>
}

/** How likely faults are, where that is not as usual. */
export type Odds = Readonly<Partial<Record<Fault, number>>>

export function seededFaults(seed: number, unusual: Odds = {}): Faults {
  const odds: Readonly<Record<Fault, number>> = { ...FAULTS, ...unusual }
  const streams = new Map<Fault, Random>()
  const counts = new Map<Fault, number>()
  const note = (fault: Fault) => void counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return {
    chance: random(seed, 'chance'),
    counts,
    note,
    strikes(fault) {
      const stream = streams.get(fault) ?? random(seed, 'fault', fault)
      streams.set(fault, stream)
      if (stream.uniform() >= odds[fault]) return false
      note(fault)
      return true
    },
  }
}

/** A world in which nothing goes wrong but what is wrong with the trials. */
export const noFaults = (seed: number): Faults => ({
  chance: random(seed, 'chance'),
  counts: new Map(),
  note: () => {},
  strikes: () => false,
})
