import type { Seed } from './campaign.ts'
import { simulate } from './simulate.ts'

/** Simulates the seeds that it is sent, one after the other, until its parent has no more. */
process.on('message', async ({ pipeline, seed }: Seed) => {
  process.send?.(await simulate(pipeline, seed))
})
