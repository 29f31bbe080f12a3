import { loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { networksFor } from './topformer-networks.ts'
import { median, together, type Worker } from './workers.ts'

/*
 * Training steps of this clone and of another, by turns: what a change of the code costs. Other work on the machine delays both, so what
 * counts is processor time. Usage: between.ts OTHER [STEPS [ROUNDS [NAME ...]]].
 */

const [other, steps = '10', rounds = '3', ...names] = process.argv.slice(2)
if (other === undefined)
  throw new Error('usage: between.ts /path/to/another/clone [STEPS [ROUNDS [NAME ...]]]')

/** Workers in bench/, with their arguments. */
const WORKERS: Readonly<Record<string, readonly string[]>> = {
  dpc: ['dpc-step-worker.ts', '3', steps],
  'densenas-weights': ['densenas-step-worker.ts', 'weights', steps],
  'densenas-architecture': ['densenas-step-worker.ts', 'architecture', steps],
  'auto-fpn-weights': ['auto-fpn-step-worker.ts', 'weights', '', steps],
  'auto-fpn-detector': ['auto-fpn-step-worker.ts', 'detector', '', steps],
  topformer: ['topformer-step-worker.ts', 'step', networksFor(Number(steps)), steps],
}

const clones = { here: fileURLToPath(new URL('..', import.meta.url)), there: resolve(other) }
for (const name of names.length > 0 ? names : Object.keys(WORKERS)) {
  const [worker, ...args] = WORKERS[name]!
  const processor = { here: [] as number[], there: [] as number[] }
  for (let round = 0; round < Number(rounds); round++)
    for (const clone of ['here', 'there'] as const) {
      const command = ['--import', 'tsx', join(clones[clone], 'bench', worker!), ...args]
      for (const run of await together<Worker>(process.execPath, command, 1))
        processor[clone].push(...run.processor)
    }
  const [here, there] = [median(processor.here), median(processor.there)]
  const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(0).padStart(6)} ms`
  const ratio = (here / there).toFixed(3)
  console.log(
    `${name.padEnd(22)} here ${milliseconds(here)}   there ${milliseconds(there)}   ${ratio} (load ${loadavg()[0]!.toFixed(1)})`,
  )
}
