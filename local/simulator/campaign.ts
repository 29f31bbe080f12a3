import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { PipelineName } from '../../nas/pipelines/config.ts'
import type { Fault } from './faults.ts'
import type { Simulated } from './simulate.ts'

/** What came out of many seeds. */
export interface Tally {
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

export const emptyTally = (): Tally => ({
  seeds: 0,
  executions: 0,
  trials: 0,
  busy: 0,
  useful: 0,
  available: 0,
  faults: new Map(),
  failing: [],
})

export function add(tally: Tally, one: Simulated): void {
  tally.seeds++
  for (const key of ['executions', 'trials', 'busy', 'useful', 'available'] as const) tally[key] += one[key]
  for (const [fault, times] of Object.entries(one.faults) as [Fault, number][])
    tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + times)
  if (one.violations.length > 0) tally.failing.push(one)
}

export interface Seed {
  readonly pipeline: PipelineName
  readonly seed: number
}

/** Simulates seeds on all cores. @param onSeed told of each, in the order in which they end */
export async function campaign(seeds: readonly Seed[], onSeed: (one: Simulated) => void): Promise<void> {
  const left = seeds.values()
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)))
      const give = () => {
        const { value, done } = left.next()
        if (done) worker.disconnect()
        else worker.send(value)
      }
      worker.on('message', (one) => {
        onSeed(one as Simulated)
        give()
      })
      worker.on('error', reject)
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
      give()
    })
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds.length) }, work))
}
