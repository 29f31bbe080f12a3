import { dropResults, incompleteTrials } from '../../nas/pipelines/verify.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Bucket } from './bucket/bucket.ts'
import type { Outage } from './bucket/outage.ts'
import { LOCATION } from './bucket/requests.ts'
import type { Damage } from './damage.ts'
import type { Faults } from './faults.ts'
import type { Pool } from './pool.ts'
import type { Watch } from './watch.ts'

/** A person who looks after the store and the machines, and does what the errors of runs say. */
export interface Operator {
  /** Mends what has ended an execution, as far as it is known. Resolves when the run can be resumed. */
  mend(run: string, error: string): Promise<void>
  /** Whether an error tells of what a run cannot help. */
  excuses(error: string): boolean
}

interface Charge {
  readonly faults: Faults
  readonly bucket: Bucket
  readonly outage: Outage
  readonly damage: Damage
  readonly pool: Pool
  readonly log: Watch['log']
  /** Of each run. */
  readonly recordOf: (run: string) => RunRecord
  /** Told of an error that came again and again while data were damaged, although all that it says was done. */
  readonly onUnhelpful: (run: string, error: string) => void
}

/** An error that comes so often although all that it says was done does not help. */
const OFTEN = 4

export function createOperator(charge: Charge): Operator {
  const { faults, bucket, outage, damage, pool, log, recordOf, onUnhelpful } = charge
  const seen = new Map<string, number>()
  const deleted = new Set<string>()

  const store: ObjectStore = {
    ...bucket.byHand,
    async delete(key) {
      log('operator', `deletes ${key}`)
      deleted.add(key)
      await bucket.byHand.delete(key)
    },
  }

  /** Does what an error says about objects. */
  async function follow(error: string): Promise<void> {
    const named = keysIn(error)
    const [told] = keysIn(/\bdelete (.*)/.exec(error)?.[1] ?? '')
    const unwanted = told ?? (/\bdelete that object/.test(error) ? named[0] : undefined)
    if (unwanted !== undefined) await store.delete(unwanted)
    else if (!/\bresume the run\b/.test(error) || /\bput back\b/.test(error)) {
      for (const key of named) if (damage.keys.includes(key)) damage.restore(key)
    }
  }

  /** Whether a result is missed in whose place a run had a failure. */
  const lacksFailure = (key: string) =>
    damage.keys.some((lost) => {
      const [, trial] = /\/failures\/(\w+)\.json$/.exec(lost) ?? []
      return trial !== undefined && key === trialKeys(trial).result
    })

  return {
    excuses: (error) =>
      isPassing(error) ||
      outage.problemOf('write') !== undefined ||
      pool.isSick ||
      // What one run is told to delete, another may have counted on.
      keysIn(error).some((key) => damage.keys.includes(key) || deleted.has(key) || lacksFailure(key)) ||
      // Of a manifest that was cut, a map takes what is left.
      damage.keys.some((key) => key.endsWith('.jsonl')),
    async mend(run, error) {
      // Sometimes somebody tries before it is mended.
      if (faults.chance.uniform() < 0.8) await outage.mended()
      if (pool.isSick && faults.chance.uniform() < 0.5) {
        log('operator', 'replaces the sick host')
        pool.replace()
      }
      if (damage.keys.length === 0 || isPassing(error)) return
      await follow(error)
      // As `trellis resume` does before it goes on.
      await dropResults(store, await incompleteTrials(store, recordOf(run)))
      const times = (seen.get(`${run} ${error}`) ?? 0) + 1
      seen.set(`${run} ${error}`, times)
      if (times !== OFTEN || outage.problemOf('read') !== undefined || pool.isSick) return
      onUnhelpful(run, error)
      for (const key of damage.keys) damage.restore(key)
    },
  }
}

/** What a service or the store says while it is overloaded, which is nobody's fault. */
const isPassing = (error: string): boolean =>
  /Batch has taken no job|Too Many Requests|503 Slow Down|ECONNRESET/.test(error)

const keysIn = (text: string): readonly string[] =>
  [...text.matchAll(new RegExp(`${LOCATION}/([^\\s,;:"'\\\\()]+)`, 'g'))].map(([, key]) => key!)
