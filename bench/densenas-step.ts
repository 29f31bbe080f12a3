import { fileURLToPath } from 'node:url'
import { median, python, together, type Worker } from './workers.ts'

/*
 * Steps of the supernet of densenas-cifar (batch 64, 32x32, every step another sample), for the weights and for the
 * architecture: one process on all cores, Trellis and PyTorch by turns.
 */

const STEPS = 10
const ROUNDS = 3
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

for (const phase of ['weights', 'architecture']) {
  const all: Record<string, number[]> = { trellis: [], 'pytorch default': [], 'pytorch channels_last': [] }
  let peak = 0
  for (let round = 0; round < ROUNDS; round++) {
    const worker = ['--import', 'tsx', here('densenas-step-worker.ts'), phase, `${STEPS}`]
    const [ours] = await together<Worker>(process.execPath, worker, 1)
    all.trellis!.push(...ours!.seconds)
    peak = Math.max(peak, ours!.peakBytes)
    if (python === undefined) continue
    for (const layout of ['default', 'channels_last']) {
      const peer = [here('densenas_step.py'), phase, layout, `${STEPS}`]
      const [theirs] = await together<readonly number[]>(python, peer, 1)
      all[`pytorch ${layout}`]!.push(...theirs!)
    }
  }
  console.log(`${phase}: peak memory ${(peak / 2 ** 30).toFixed(2)} GiB`)
  const medians = Object.entries(all).filter(([, seconds]) => seconds.length > 0)
  for (const [name, seconds] of medians)
    console.log(`  ${name.padEnd(22)} ${(1 / median(seconds)).toFixed(2)} steps/s`)
  if (python === undefined) continue
  const best = Math.min(median(all['pytorch default']!), median(all['pytorch channels_last']!))
  console.log(
    `  Trellis runs ${(best / median(all.trellis!)).toFixed(2)} times the steps of PyTorch, the better layout`,
  )
}
if (python === undefined)
  console.log('no PyTorch found (set PYTHON to one that has it): nothing to compare with')
