import { availableParallelism } from 'node:os'
import { byTurns, LAYOUTS, STEPS } from './by-turns.ts'
import { networksFor } from './topformer-networks.ts'

/*
 * The elastic supernet of topformer-street (batch 4, crops of 128x256, 10 classes), every step with other sub-networks: a sandwich step
 * (the largest, the smallest and two samples), and the evaluation of a sample as jobs do
 * it that have a core each (calibrated on 32 images, 32 images predicted: what `examples/topformer-street.yaml` has).
 * Usage: topformer-step.ts [STEPS [ROUNDS]].
 */

const networks = networksFor(STEPS)
const contenders = { worker: 'topformer-step-worker.ts', peer: 'topformer_step.py' }

await byTurns('sandwich step', {
  ...contenders,
  // torch.compile has not built the two networks that are the same in every step after 330 s: it runs by `topformer_step.py compiled` alone.
  variants: LAYOUTS,
  args: ['step', networks],
})
// torch.compile would compile every sample, as each is another network.
await byTurns('evaluation of a sample', {
  ...contenders,
  variants: LAYOUTS,
  args: ['evaluation', networks],
  jobs: availableParallelism(),
})
