import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { decodeSafetensors } from '../../../nas/store/safetensors.ts'
import { gradientStep, parametersOf, updateStep } from '../../../nas/training/accumulated-step.ts'
import { saveCheckpoint } from '../../../nas/training/checkpoint.ts'
import { type Training, train } from '../../../nas/training/loop.ts'
import { resumeState } from '../../../nas/training/resumable.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { isWeight } from '../../../nas/training/step.ts'
import { linearBatch, linearRegression } from './linear.ts'

const folder = await mkdtemp(join(tmpdir(), 'trellis-resumable-'))
const store = folderStore(folder)
afterAll(() => rm(folder, { recursive: true }))

/** A step of several programs: gradients of two batches, one update. */
async function attempt(key: string, changes: Partial<Training> = {}) {
  const engine = await onnxRuntime({ threads: 1 })
  const address = { store, key, training: 'linear' }
  const gradient = gradientStep(linearRegression, isWeight)
  const update = updateStep(sgd({ momentum: 0.9, weightDecay: 0 }), parametersOf([gradient], isWeight))
  const { state, losses, read } = await resumeState({
    engine,
    address,
    seed: 1,
    parameters: new Map([...gradient.parameters, ...update.parameters]),
    initial: () => ({}),
  })
  const programs = { gradient: await engine.compile(gradient), update: await engine.compile(update) }
  let number = losses.length
  const result = await train({
    step: {
      async run({ learningRate, ...batch }) {
        const outputs = await programs.gradient.run(state, batch)
        await programs.gradient.run(state, await linearBatch(100 + number++))
        await programs.update.run(state, { learningRate: learningRate! })
        return outputs
      },
    },
    state: { read },
    steps: 6,
    losses,
    batch: linearBatch,
    learningRate: () => 0.1,
    saveCheckpoint: (checkpoint) => saveCheckpoint(address, checkpoint),
    checkpointDue: () => false,
    ...changes,
  })
  return { result, state: await read() }
}

it('resumes a step of several programs bit for bit, and keeps accumulators out of checkpoints', async () => {
  const stop = new AbortController()
  const onStep = (done: number) => {
    if (done === 3) stop.abort()
  }
  const first = await attempt('broken', { onStep, signal: stop.signal })
  expect(first.result).toEqual({ kind: 'interrupted', done: 3 })
  const { tensors } = decodeSafetensors((await store.get('broken'))!, 'broken')
  expect(Object.keys(tensors).sort()).toEqual([
    'head/bias',
    'head/bias:momentum',
    'training:losses',
    'weight',
    'weight:momentum',
  ])
  expect(await attempt('broken')).toEqual(await attempt('unbroken'))
})
