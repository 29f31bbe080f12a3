import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import type { Tensors } from '../../../nas/tensor.ts'
import { adam } from '../../../nas/training/adam.ts'
import { loadCheckpoint, saveCheckpoint } from '../../../nas/training/checkpoint.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { type Training, type TrainingResult, train } from '../../../nas/training/loop.ts'
import type { Optimiser } from '../../../nas/training/optimiser.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'
import { segmentation, segmentationBatch } from './segmentation.ts'

const steps = 20
const folder = await mkdtemp(join(tmpdir(), 'trellis-resume-'))
const store = folderStore(folder)
afterAll(() => rm(folder, { recursive: true }))

/** One attempt, as a job makes it: a new engine, the checkpoint if there is one, then all steps or until told to stop. */
async function attempt(
  optimiser: Optimiser,
  key: string,
  changes: Partial<Training> & Pick<Training, 'learningRate'>,
): Promise<{ result: TrainingResult; state: Tensors }> {
  const address = { store, key, training: 'trial' }
  const graph = trainingStep(segmentation, optimiser)
  const engine = await onnxRuntime({ threads: 1 })
  const program = await engine.compile(graph)
  const checkpoint = await loadCheckpoint(address, graph.parameters)
  const state = engine.state(checkpoint?.state ?? initialise(graph.parameters, 1))
  const result = await train({
    step: { run: (inputs) => program.run(state, inputs) },
    state,
    steps,
    losses: checkpoint?.losses ?? [],
    batch: segmentationBatch,
    saveCheckpoint: (checkpoint) => saveCheckpoint(address, checkpoint),
    checkpointDue: () => false,
    ...changes,
  })
  const last = await state.read()
  await program.dispose()
  return { result, state: last }
}

/** By name, so that a difference says where it is. */
const bytes = (state: Tensors) =>
  Object.fromEntries(
    Object.entries(state).map(([name, { data }]) => [name, Buffer.from(data.buffer).toString('base64')]),
  )

describe.each([
  { name: 'sgd', optimiser: sgd({ momentum: 0.9, weightDecay: 1e-4 }), rate: 0.4 },
  { name: 'adam', optimiser: adam({ betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 1e-4 }), rate: 0.05 },
])('a training with $name', ({ name, optimiser, rate }) => {
  const learningRate = (step: number) => rate / (1 + step / 50)
  const begin = (key: string, changes: Partial<Training> = {}) =>
    attempt(optimiser, `${name}/${key}`, { learningRate, ...changes })

  it('ends bit for bit alike, interrupted at step 11 or unbroken', async () => {
    const unbroken = await begin('unbroken')
    expect(unbroken.result.kind).toBe('finished')

    const stop = new AbortController()
    const onStep = (done: number) => {
      if (done === 11) stop.abort()
    }
    const first = await begin('broken', { onStep, signal: stop.signal })
    expect(first.result).toEqual({ kind: 'interrupted', done: 11 })
    const second = await begin('broken')
    expect(second.result).toEqual(unbroken.result)
    expect(bytes(second.state)).toEqual(bytes(unbroken.state))
  })

  it('ends bit for bit alike when killed some steps after a checkpoint', async () => {
    const unbroken = await begin('unbroken')
    const batch = (step: number) =>
      step === 9 ? Promise.reject(new Error('killed')) : segmentationBatch(step)
    const first = begin('killed', { batch, checkpointDue: (done) => done % 4 === 0 })
    await expect(first).rejects.toThrow('killed')
    const second = await begin('killed')
    expect(second.result).toEqual(unbroken.result)
    expect(bytes(second.state)).toEqual(bytes(unbroken.state))
  })

  it('learns', async () => {
    const { result } = await begin('learns', { steps: 150 })
    if (result.kind !== 'finished') throw new Error(result.kind)
    expect(result.losses[0]).toBeGreaterThan(1)
    expect(Math.max(...result.losses.slice(-10))).toBeLessThan(0.5)
  })
})
