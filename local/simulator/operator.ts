import type { Bucket } from './bucket/bucket.ts'
import type { Outage } from './bucket/outage.ts'
import { LOCATION } from './bucket/requests.ts'
import type { Damage } from './damage.ts'
import type { Faults } from './faults.ts'
import type { Pool } from './pool.ts'
import type { Watch } from './watch.ts'

/** Whoever looks after the store and the machines, and does what the errors of runs say. */
export interface Operator {
  /** Mends what has ended an execution, as far as it is known. Resolves when the run can be resumed. */
  mend(error: string): Promise<void>
  /** Whether anything is wrong that a run cannot help. */
  readonly isNeeded: boolean
}

interface Charge {
  readonly faults: Faults
  readonly bucket: Bucket
  readonly outage: Outage
  readonly damage: Damage
  readonly pool: Pool
  readonly log: Watch['log']
  /** Told of an error that did not say how to mend what has led to it. */
  readonly onUnhelpful: (error: string) => void
}

/** An error that comes so often although all that it says was done does not help. */
const OFTEN = 4

export function createOperator(charge: Charge): Operator {
  const { faults, bucket, outage, damage, pool, log, onUnhelpful } = charge
  const seen = new Map<string, number>()

  /** Does what an error says about objects. */
  function follow(error: string): void {
    const named = keysIn(error)
    const [told] = keysIn(/\bdelete (.*)/.exec(error)?.[1] ?? '')
    const deleted = told ?? (/\bdelete that object/.test(error) ? named[0] : undefined)
    if (deleted !== undefined) {
      log('operator', `deletes ${deleted}`)
      bucket.remove(deleted)
    } else if (!/\bresume the run\b/.test(error) || /\bput back\b/.test(error)) {
      for (const key of named) if (damage.keys.includes(key)) damage.restore(key)
    }
  }

  return {
    get isNeeded() {
      return outage.problemOf('write') !== undefined || pool.isSick || damage.keys.length > 0
    },
    async mend(error) {
      // Sometimes somebody tries before it is mended.
      if (faults.chance.uniform() < 0.8) await outage.mended()
      if (pool.isSick && faults.chance.uniform() < 0.5) {
        log('operator', 'replaces the sick host')
        pool.replace()
      }
      if (damage.keys.length === 0) return
      follow(error)
      const times = (seen.get(error) ?? 0) + 1
      seen.set(error, times)
      if (times !== OFTEN || outage.problemOf('read') !== undefined || pool.isSick) return
      onUnhelpful(error)
      for (const key of damage.keys) damage.restore(key)
    },
  }
}

const keysIn = (text: string): readonly string[] =>
  [...text.matchAll(new RegExp(`${LOCATION}/([^\\s,;:"'\\\\()]+)`, 'g'))].map(([, key]) => key!)
