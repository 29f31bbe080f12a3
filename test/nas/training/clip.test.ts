import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { float32, type Tensors } from '../../../nas/tensor.ts'
import { clipping } from '../../../nas/training/clip.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import type { Optimiser } from '../../../nas/training/optimiser.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'
import { linearBatch, linearRegression } from './linear.ts'

const engine = await onnxRuntime({ threads: 1 })
const plain = sgd({ momentum: 0, weightDecay: 0 })

/** What a step of rate 1 takes from every number of the weights: its gradient. */
async function gradientOf(optimiser: Optimiser): Promise<readonly number[]> {
  const graph = trainingStep(linearRegression, optimiser)
  const initial: Tensors = initialise(graph.parameters, 0)
  const state = engine.state(initial)
  const program = await engine.compile(graph)
  await program.run(state, { ...(await linearBatch(0)), learningRate: float32([], [1]) })
  const after = await state.read()
  const names = [...graph.updates.keys()].filter((name) => !name.endsWith(':momentum'))
  return names.flatMap((name) => [...initial[name]!.data].map((before, i) => before - after[name]!.data[i]!))
}

test('gradients are scaled down to a norm, all together, as by torch.nn.utils.clip_grad_norm_', async () => {
  const whole = await gradientOf(plain)
  const norm = Math.hypot(...whole)
  const clipped = await gradientOf(clipping(plain, norm / 3))
  for (const [i, each] of clipped.entries()) expect(each).toBeCloseTo(whole[i]! / 3, 4)
})

test('smaller ones are left as they are, to the bit', async () => {
  const whole = await gradientOf(plain)
  expect(await gradientOf(clipping(plain, 2 * Math.hypot(...whole)))).toEqual(whole)
})
