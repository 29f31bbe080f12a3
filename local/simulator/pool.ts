import type { VirtualClock } from './clock.ts'
import type { Faults } from './faults.ts'

/** What is wrong with a host: it kills whatever runs on it, or has a card that cannot be used. */
export type Sickness = 'kills' | 'no card'

/** Where attempts find their hosts. */
export interface Pool {
  /** Of the host that the next attempt gets: a sick one is free again at once, and so it draws attempts. */
  nextSickness(): Sickness | undefined
  readonly isSick: boolean
  /** Sick hosts are exchanged for sound ones. */
  replace(): void
}

const HOUR_MS = 3_600_000

const SICKNESSES = [
  { sickness: 'kills', host: 'sick host', attempt: 'attempt on a sick host' },
  { sickness: 'no card', host: 'host without a card', attempt: 'attempt without a card' },
] as const

/** A pool whose hosts fall sick: for a while, or until they are replaced. */
export function drawPool(clock: VirtualClock, faults: Faults): Pool {
  const hosts = SICKNESSES.filter(({ host }) => faults.strikes(host)).map((kind) => ({
    ...kind,
    ...drawTime(clock, faults),
  }))
  return {
    nextSickness: () => hosts.find(({ isSick, attempt }) => isSick() && faults.strikes(attempt))?.sickness,
    get isSick() {
      return hosts.some(({ isSick }) => isSick())
    },
    replace() {
      for (const host of hosts) host.end()
    },
  }
}

/** When a host falls sick, and until when. */
function drawTime(clock: VirtualClock, { chance }: Faults) {
  const from = clock.now() + HOUR_MS * chance.uniform() ** 2
  let until = chance.uniform() < 0.5 ? from + HOUR_MS * (0.1 + chance.uniform()) : Number.POSITIVE_INFINITY
  return {
    isSick: () => clock.now() >= from && clock.now() < until,
    end() {
      until = clock.now()
    },
  }
}
