import { simulate } from './simulate.ts'

/** Simulates the seeds that it is sent, one after the other, until its parent has no more. */
process.on('message', async (seed: number) => {
  process.send?.(await simulate(seed))
})
