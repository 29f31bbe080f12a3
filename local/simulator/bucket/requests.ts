import { TrellisError } from '../../../nas/errors.ts'
import type { VirtualClock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { SimulatedProcess } from '../process.ts'
import { NO_OUTAGE, type Outage } from './outage.ts'

export const LOCATION = 's3://simulated'

/** Round trip, in ms. */
const LATENCY = { fastest: 10, slowest: 40, stuck: 30_000, stale: 120_000 }

/** What is larger is uploaded in parts, and can be completed long after its writer has died. */
const isLarge = (key: string) => key.endsWith('.safetensors') || key.endsWith('.onnx')

interface RequestOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly outage?: Outage
  /** Of what is large, beside the round trip. */
  readonly uploadMs?: number
}

/** Requests to the bucket as a process makes them: they take time, and can fail or be its last. */
export interface Requests {
  read<T>(key: string, look: () => T): Promise<T>
  /** A write takes effect at some instant between the request and the reply; its writer can die around it. */
  write<T>(key: string, effect: () => T): Promise<T>
  /** A delete is a write, too, but needs no room. */
  delete(key: string, effect: () => void): Promise<void>
}

export function createRequests({ clock, faults, outage = NO_OUTAGE, uploadMs = 0 }: RequestOptions) {
  const latency = () => {
    const { fastest, slowest, stuck } = LATENCY
    const most = faults.strikes('store slow') ? stuck : slowest
    return fastest + faults.chance.uniform() * (most - fastest)
  }

  /** The effect of a write whose writer has died during it. */
  function orphaned(key: string, effect: () => void, there: number): void {
    if (isLarge(key) && faults.strikes('stale upload lands late'))
      clock.after(faults.chance.uniform() * LATENCY.stale, effect)
    else if (faults.chance.uniform() < 0.5) clock.after(there, effect)
  }

  return {
    of(process: SimulatedProcess): Requests {
      const strikes = (...[fault]: Parameters<Faults['strikes']>) => !process.spared && faults.strikes(fault)
      const die = (when: string) => {
        process.kill(`Host EC2 terminated ${when} a write`)
        return process.never<never>()
      }
      const fail = (request: 'read' | 'write' | 'delete', key: string) => {
        const problem = outage.problemOf(request)
        if (problem !== undefined) throw failed(key, problem)
        if (strikes('store unavailable')) throw failed(key, '503 Slow Down')
      }
      const change = async <T>(request: 'write' | 'delete', key: string, effect: () => T): Promise<T> => {
        if (process.dead) return process.never()
        const fatal = !process.spared && process.mayDie()
        if (fatal && faults.strikes('killed before a write')) return die('before')
        const [there, back] = [latency() / 2 + (isLarge(key) ? uploadMs : 0), latency() / 2]
        if (fatal && faults.strikes('killed during a write')) {
          const dead = die('during')
          orphaned(key, effect, there)
          return dead
        }
        await process.sleep(there)
        fail(request, key)
        const reply = effect()
        if (fatal && faults.strikes('killed after a write')) return die('after')
        await process.sleep(back)
        if (strikes('reply of the store lost')) throw failed(key, 'ECONNRESET')
        return reply
      }
      return {
        async read(key, look) {
          await process.sleep(latency())
          fail('read', key)
          return look()
        },
        write: (key, effect) => change('write', key, effect),
        delete: (key, effect) => change('delete', key, effect),
      }
    },
  }
}

const failed = (key: string, problem: string) =>
  new TrellisError('store-failed', `${LOCATION}/${key}: ${problem}`, { fix: 'resume the run' })
