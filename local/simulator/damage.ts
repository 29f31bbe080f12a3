import { storeLayout } from '../../nas/pipelines/layout.ts'
import { patternOf } from '../../nas/runs/store-layout.ts'
import type { Bucket } from './bucket/bucket.ts'
import type { VirtualClock } from './clock.ts'
import type { Fault, Faults } from './faults.ts'
import type { Watch } from './watch.ts'

/** Objects of a store that are not what was written there. */
export interface Damage {
  /** Those that nobody has written or put back since. */
  readonly keys: readonly string[]
  /** Whether such an object was ever damaged. */
  wasDamaged(key: string): boolean
  /** Puts back what was there. */
  restore(key: string): void
  /** Nothing is damaged any more. */
  end(): void
}

const MOST = 6
const LATEST_MS = 2 * 3_600_000

const WAYS = [
  ['object removed', () => undefined],
  ['object cut', (bytes, at) => bytes.slice(0, at)],
  ['object changed', (bytes, at) => bytes.with(at, bytes[at]! ^ 0x10)],
] as const satisfies readonly (readonly [Fault, (bytes: Uint8Array, at: number) => Uint8Array | undefined])[]

/** Damages a few of the objects that runs have written, at any time. */
export function drawDamage(clock: VirtualClock, bucket: Bucket, faults: Faults, log: Watch['log']): Damage {
  const { chance } = faults
  const layout = storeLayout()
  let isOver = false
  const originals = new Map<string, Uint8Array>()

  function strike(): void {
    if (isOver) return
    const key = drawKey()
    const bytes = key === undefined ? undefined : bucket.objects.get(key)
    const way = WAYS.find(([fault]) => faults.strikes(fault))
    if (key === undefined || bytes === undefined || bytes.length === 0 || way === undefined) return
    const [fault, change] = way
    log('damage', `${fault}: ${key}`)
    if (!bucket.damaged.has(key)) originals.set(key, bytes)
    bucket.damage(key, change(bytes, chance.integer(bytes.length)))
  }

  /** All kinds of objects alike: there are more ledger entries than all else. */
  function drawKey(): string | undefined {
    const kinds = new Map<string, string[]>()
    for (const key of bucket.objects.keys()) {
      const kind = patternOf(layout, key) ?? ''
      kinds.set(kind, [...(kinds.get(kind) ?? []), key])
    }
    return kinds.size === 0 ? undefined : chance.pick(chance.pick([...kinds.values()]))
  }

  if (faults.strikes('store decays'))
    for (let i = 0; i <= chance.integer(MOST); i++) clock.after(LATEST_MS * chance.uniform() ** 2, strike)
  return {
    get keys() {
      return [...bucket.damaged]
    },
    wasDamaged: (key) => originals.has(key),
    end() {
      isOver = true
      for (const key of bucket.damaged) this.restore(key)
    },
    restore(key) {
      log('operator', `puts back ${key}`)
      bucket.restore(key, originals.get(key)!)
    },
  }
}
