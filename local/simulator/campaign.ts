import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Fault } from './faults.ts'
import type { Simulated } from './simulate.ts'

/** What came out of many seeds. */
export interface CampaignTotals {
  seeds: number
  executions: number
  trials: number
  /** GPU milliseconds. */
  busy: number
  useful: number
  available: number
  readonly faults: Map<Fault, number>
  readonly failing: Simulated[]
}

export const emptyTotals = (): CampaignTotals => ({
  seeds: 0,
  executions: 0,
  trials: 0,
  busy: 0,
  useful: 0,
  available: 0,
  faults: new Map(),
  failing: [],
})

export function add(totals: CampaignTotals, one: Simulated): void {
  totals.seeds++
  for (const key of ['executions', 'trials', 'busy', 'useful', 'available'] as const) totals[key] += one[key]
  for (const [fault, times] of Object.entries(one.faults) as [Fault, number][])
    totals.faults.set(fault, (totals.faults.get(fault) ?? 0) + times)
  if (one.violations.length > 0) totals.failing.push(one)
}

export interface Seed {
  readonly pipeline: string
  readonly seed: number
}

/** Simulates seeds on all cores. @param onSeed called for each, in the order in which they end */
export async function campaign(seeds: readonly Seed[], onSeed: (one: Simulated) => void): Promise<void> {
  const waiting = seeds.values()
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)))
      const sendNext = () => {
        const { value, done } = waiting.next()
        if (done) worker.disconnect()
        else worker.send(value)
      }
      worker.on('message', (one) => {
        onSeed(one as Simulated)
        sendNext()
      })
      worker.on('error', reject)
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
      sendNext()
    })
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds.length) }, work))
}
