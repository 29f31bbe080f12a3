import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { python, type Timing, timing, together, type Worker } from './workers.ts'

/*
 * One training step of the DPC top-1 head (batch 8, features 320x33x33, 256 filters, 19 classes): one thread a trial, as
 * many trials as cores, Trellis and PyTorch by turns on the same cores.
 */

const WARM_UP = 3
const STEPS = 10
const ROUNDS = 3
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

const all: Record<string, (readonly number[])[]> = {
  trellis: [],
  'pytorch default': [],
  'pytorch channels_last': [],
}
let peak = 0
for (let round = 0; round < ROUNDS; round++) {
  const ours = await together<Worker>(process.execPath, [
    '--import',
    'tsx',
    here('dpc-step-worker.ts'),
    `${WARM_UP}`,
    `${STEPS}`,
  ])
  all.trellis!.push(...ours.map(({ seconds }) => seconds))
  peak = Math.max(peak, ...ours.map(({ peakBytes }) => peakBytes))
  if (python === undefined) continue
  for (const layout of ['default', 'channels_last'])
    all[`pytorch ${layout}`]!.push(
      ...(await together<readonly number[]>(python, [here('dpc_step.py'), layout, `${WARM_UP}`, `${STEPS}`])),
    )
}

const rates = Object.fromEntries(
  Object.entries(all).flatMap(([name, seconds]): [string, Timing][] =>
    seconds.length > 0 ? [[name, timing(seconds)]] : [],
  ),
)
for (const [name, { medians, stepsPerSecond }] of Object.entries(rates)) {
  const perRound = stepsPerSecond / ROUNDS
  console.log(
    `${name.padEnd(22)} ${perRound.toFixed(2)} steps/s   medians ${medians.map((s) => s.toFixed(3)).join(' ')} s`,
  )
}
console.log(`peak memory of a trial ${(peak / 2 ** 30).toFixed(2)} GiB`)
if (python === undefined)
  console.log('no PyTorch found (set PYTHON to one that has it): nothing to compare with')
else {
  const version = spawnSync(python, ['-c', 'import torch; print(torch.__version__)']).stdout.toString().trim()
  const best = Math.max(
    rates['pytorch default']!.stepsPerSecond,
    rates['pytorch channels_last']!.stepsPerSecond,
  )
  console.log(
    `Trellis runs ${(rates.trellis!.stepsPerSecond / best).toFixed(2)} times the steps of PyTorch ${version}, the better layout`,
  )
}
