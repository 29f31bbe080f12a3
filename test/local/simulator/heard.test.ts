import { describe, expect, it } from 'vitest'
import type { TrueAttempt } from '../../../local/simulator/batch/true-attempt.ts'
import { NO_OUTAGE } from '../../../local/simulator/bucket/outage.ts'
import { isCutShort, leastCharge } from '../../../local/simulator/charge.ts'
import { virtualClock } from '../../../local/simulator/clock.ts'
import { heard } from '../../../local/simulator/heard.ts'
import { runKeys } from '../../../nas/runs/keys.ts'

const ENTRY = runKeys('simulated').ledgerEntry('job23', 1)
const HOST = {
  spot: true,
  price: { usdPerHour: 1, basis: 'spot' },
  speed: 1,
  skew: 0,
  killsAfter: undefined,
  hasCard: true,
}

/** It closed its entry, or tried to, when it had run for 291 s. */
const ATTEMPT: TrueAttempt = {
  kind: 'evaluate',
  run: 'simulated',
  jobId: 'job23',
  attempt: 1,
  host: HOST,
  startedAt: 1000,
  endedAt: 292_000,
  worked: 100_000,
  killed: false,
  unheard: 0,
}

const heardWith = (kept: number | undefined, refused: number | undefined, isDamaged = false) =>
  heard(
    {
      clock: virtualClock(0, () => 0),
      outage: NO_OUTAGE,
      damage: { keys: [], wasDamaged: () => isDamaged, restore: () => {}, end: () => {} },
    },
    {
      latest: new Map(kept === undefined ? [] : [[ENTRY, kept]]),
      refused: new Map(refused === undefined ? [] : [[ENTRY, refused]]),
    },
    ATTEMPT,
  )

describe('an attempt', () => {
  it('whose last word the store has refused is charged at least up to what it kept', () => {
    const attempt = heardWith(241_000, 291_990)
    expect(attempt.unheard).toBe(51_000)
    expect(isCutShort(attempt)).toBe(true)
    expect(leastCharge(attempt)).toBeLessThanOrEqual(240_000)
  })

  it.each([
    ['none was refused', undefined],
    ['one was refused before', 271_000],
  ])('that could say when it ended is charged in full: %s', (_, refused) => {
    const attempt = heardWith(292_000, refused)
    expect(isCutShort(attempt)).toBe(false)
    expect(leastCharge(attempt)).toBeGreaterThan(240_000)
  })

  it('of which the store has kept nothing, or whose entry was damaged, need not be charged', () => {
    expect(leastCharge(heardWith(undefined, 2000))).toBe(0)
    expect(leastCharge(heardWith(292_000, undefined, true))).toBe(0)
  })
})
