import { setTimeout } from 'node:timers/promises'
import { processClock } from '../../../containers/clock.ts'
import { createDataset } from '../../../local/simulator/dataset.ts'
import { runJob } from '../../../local/simulator/job.ts'
import { outcomes } from '../../../local/simulator/trial-outcome.ts'
import { rentalPrices } from '../../../nas/runs/prices.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { DIFFICULTY, STEPS } from './small-run.ts'

/* A job of the simulator as a process of its own, on the clock of this computer. */

const SPEED = 10_000

const { exit, error } = await runJob(process.env as Record<string, string>, {
  store: folderStore(process.env.TRELLIS_STORE!),
  signal: new AbortController().signal,
  now: () => performance.now(),
  work: (ms) => setTimeout(ms / SPEED),
  outOfMemory: () => {
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => {})
  },
  machine: {
    price: rentalPrices('t4').spot,
    startedAt: Date.now(),
    clock: processClock,
  },
  outcomeOf: outcomes(DIFFICULTY),
  steps: STEPS,
  onTrial: () => {},
  openEngine: async () => {},
  openDataset: () => createDataset({}),
})
process.exitCode = exit
if (error !== undefined) console.error(error)
if (process.connected) process.disconnect()
