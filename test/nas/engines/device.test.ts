import { describe, expect, test } from 'vitest'
import type { Engine, Traffic } from '../../../nas/engines/engine.ts'
import { inMebibytes } from '../../../nas/engines/onnxruntime/c-api.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../nas/engines/tensorflow.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { broadcastTo } from '../../../nas/graph/ops/broadcast-to.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { originOf } from '../../../nas/runs/failure.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../nas/tensor.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'
import { segmentation, segmentationBatch } from '../training/segmentation.ts'
import { tf } from './tfjs.ts'

/** What a card would be sent, by the kernels of the CPU. */
const device = await onnxRuntime({ device: 'cuda', provider: 'cpu', threads: 1 })

const ONE = { kind: 'constant', value: 1 } as const

const graph = trainingStep(segmentation, sgd({ momentum: 0.9, weightDecay: 1e-4 }))
const learningRate = float32([], [0.2])
const begin = () => initialise(graph.parameters, 1)

async function train(engine: Engine, start: Tensors, from: number, to: number): Promise<Tensors> {
  const program = await engine.compile(graph)
  const state = engine.state(start)
  for (let i = from; i < to; i++) await program.run(state, { ...(await segmentationBatch(i)), learningRate })
  const trained = await state.read()
  state.dispose()
  await program.dispose()
  return trained
}

/** Relative to the largest number of each tensor. */
function expectAlike(found: Tensors, expected: Tensors, tolerance: number) {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort())
  for (const [name, { data }] of Object.entries(expected)) {
    const most = Math.max(...data.map(Math.abs))
    const differences = data.map((value, i) => Math.abs(value - found[name]!.data[i]!))
    expect(Math.max(...differences) / most, name).toBeLessThan(tolerance)
  }
}

const bytesOf = (...tensors: readonly Tensor[]): number =>
  tensors.reduce((bytes, { shape }) => bytes + 4 * sizeOf(shape), 0)

describe('a training whose state is in the memory of a device', () => {
  test('comes to the weights of the CPU, and of TensorFlow', async () => {
    const found = await train(device, begin(), 0, 10)
    expectAlike(found, await train(await onnxRuntime({ threads: 1 }), begin(), 0, 10), 1e-4)
    expectAlike(found, await train(await tensorFlow({ tf }), begin(), 0, 10), 1e-3)
  })

  test('has the same bytes where it is resumed', async () => {
    const half = await train(device, begin(), 0, 4)
    expect(await train(device, half, 4, 8)).toEqual(await train(device, begin(), 0, 8))
  })

  test('is read as it was at that moment, however many tensors it has', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `weight${i}`)
    const of = (offset: number) =>
      Object.fromEntries(names.map((name, i) => [name, float32([2], [i + offset, -i])]))
    const state = device.state(of(0))
    const read = state.read()
    state.put(of(1))
    expect(await read).toEqual(of(0))
    expect(await state.read()).toEqual(of(1))
    state.dispose()
  })

  test('moves the batch to it and the loss back, and nothing else', async () => {
    const program = await device.compile(graph)
    const state = device.state(begin())
    const inputs = { ...(await segmentationBatch(0)), learningRate }
    const crossed = async (work: () => Promise<unknown>): Promise<Traffic> => {
      const before = { ...device.traffic! }
      await work()
      const after = device.traffic!
      return {
        uploads: after.uploads - before.uploads,
        uploadedBytes: after.uploadedBytes - before.uploadedBytes,
        downloads: after.downloads - before.downloads,
        downloadedBytes: after.downloadedBytes - before.downloadedBytes,
      }
    }
    const batch = Object.values(inputs)
    for (let i = 0; i < 3; i++)
      expect(await crossed(() => program.run(state, inputs))).toEqual({
        uploads: batch.length,
        uploadedBytes: bytesOf(...batch),
        downloads: 1,
        downloadedBytes: 4,
      })
    // What the host asks for does cross: the count would show it.
    const tensors = Object.values(begin())
    expect(await crossed(() => state.read())).toMatchObject({
      uploads: 0,
      downloads: tensors.length,
      downloadedBytes: bytesOf(...tensors),
    })
    expect(await crossed(async () => state.put(begin()))).toMatchObject({
      uploads: tensors.length,
      uploadedBytes: bytesOf(...tensors),
      downloads: 0,
    })
    state.dispose()
    await program.dispose()
  })
})

describe('a run on a device', () => {
  /** A product that takes long, of parameters. */
  async function longRun() {
    const builder = new GraphBuilder()
    const [x, scale] = [
      builder.parameter('x', { dtype: 'float32', shape: [800, 800], role: 'weight', initialiser: ONE }),
      builder.input('scale', { dtype: 'float32', shape: [] }),
    ]
    const products = Array.from({ length: 4 }).reduce<Value>((y) => matmul(builder, y, x), x)
    const y = reduceSum(builder, mul(builder, products, scale), [0, 1])
    const built = builder.build({ y })
    return { program: await device.compile(built), state: device.state(initialise(built.parameters, 0)) }
  }

  test('leaves timers and uploads their turns, and what was uploaded crosses once', async () => {
    const { program, state } = await longRun()
    const scale = float32([], [2])
    const events: string[] = []
    const running = program.run(state, { scale: float32([], [1]) }).then(() => events.push('run'))
    setTimeout(() => events.push('timer'))
    const uploading = device.upload!({ scale }).then((uploaded) => {
      events.push('upload')
      return uploaded
    })
    await running
    expect(events.toSorted()).toEqual(['run', 'timer', 'upload'])
    expect(events.at(-1)).toBe('run')
    const uploaded = await uploading
    const before = device.traffic!.uploads
    const { y } = await program.run(state, { scale })
    expect(device.traffic!.uploads - before).toBe(0)
    uploaded.release()
    expect(await program.run(state, { scale })).toEqual({ y })
    expect(device.traffic!.uploads - before).toBe(1)
    state.dispose()
    await program.dispose()
  })

  test('a run reads the latest upload of a batch, also once an earlier one is released', async () => {
    const { program, state } = await longRun()
    const scale = float32([], [2])
    const [first, second] = [await device.upload!({ scale }), await device.upload!({ scale })]
    first.release()
    const before = device.traffic!.uploads
    await program.run(state, { scale })
    expect(device.traffic!.uploads).toBe(before)
    second.release()
    state.dispose()
    await program.dispose()
  })
})

describe('a device without the memory for a run', () => {
  test('says how much was wanted, which other machines may have', async () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', { dtype: 'float32', shape: [1, 1] })
    builder.parameter('y', {
      dtype: 'float32',
      shape: [2 ** 24, 2 ** 20],
      role: 'feature',
      initialiser: { kind: 'constant', value: 0 },
    })
    builder.update('y', broadcastTo(builder, x, [2 ** 24, 2 ** 20]))
    const program = await device.compile(builder.build({}))
    const failed = await program.run(device.state({}), { x: float32([1, 1], [1]) }).catch((cause) => cause)
    expect(failed.message).toMatch(/Failed to allocate memory for a buffer of 67108864 MiB/)
    expect(originOf(failed)).toBe('unknown')
  })

  test('is told in MiB where its arena tells bytes', () => {
    const told = 'Failed to allocate memory for requested buffer of size 1048577'
    expect(inMebibytes(told)).toBe('Failed to allocate memory for a buffer of 2 MiB')
  })
})
