import type { Tensor as OrtTensor } from 'onnxruntime-common'
import { TrellisError } from '../../errors.ts'
import { GraphBuilder } from '../../graph/builder.ts'
import { toOnnx } from '../../graph/onnx/model.ts'
import { relu } from '../../graph/ops/relu.ts'
import type { Tensor, Tensors } from '../../tensor.ts'
import type { Backend } from './backend.ts'
import { binding, type Ort } from './package.ts'

/**
 * ONNX Runtime's CUDA kernels, by onnxruntime-node. Operations without a CUDA kernel run on the CPU.
 * @throws `service-failed` where CUDA cannot be used: later, every trial of the job would fail. Another machine may be sound.
 */
export async function cudaBackend(): Promise<Backend<OrtTensor>> {
  const ort = binding()
  const backend = cuda(ort)
  try {
    const names = { inputs: ['x'], results: ['y'] }
    await (await backend.session(probe(), names, { threads: 1, manyPrograms: false })).dispose()
  } catch (cause) {
    throw new TrellisError('service-failed', `engine onnxruntime: CUDA cannot be used here: ${cause}`, {
      fix: 'run in the gpu-onnx image on a machine with a sound card, or unset TRELLIS_DEVICE',
      cause,
    })
  }
  return backend
}

/** Host memory is returned after each run, and idle threads do not spin. */
const MANY_PROGRAMS = {
  enableCpuMemArena: false,
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
} as const

const cuda = (ort: Ort): Backend<OrtTensor> => ({
  view: ({ dtype, data, shape }) => new ort.Tensor(dtype, data as Float32Array, [...shape]),
  release: () => {},
  async session(model, names, { threads, manyPrograms }) {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['cuda', 'cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      logSeverityLevel: 4,
      ...(manyPrograms && MANY_PROGRAMS),
    })
    return {
      async run(inputs, results) {
        await session.run(named(names.inputs, inputs), named(names.results, results))
      },
      dispose: () => session.release(),
    }
  },
})

const named = (names: readonly string[], tensors: readonly OrtTensor[]) =>
  Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))

function probe(): Uint8Array {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1] })
  return toOnnx(graph.build({ y: relu(graph, x) }))
}

/** Runs an exported ONNX model once, with ONNX Runtime's defaults, as its users will. */
export async function runModel(model: Uint8Array, inputs: Tensors): Promise<Tensors> {
  const ort = binding()
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 })
  const feeds = Object.entries(inputs).map(([name, { dtype, data, shape }]) => [
    name,
    new ort.Tensor(dtype, data as Float32Array, [...shape]),
  ])
  const results = await session.run(Object.fromEntries(feeds))
  await session.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, { type, dims, data }]) => [
      name,
      { dtype: type as Tensor['dtype'], shape: dims, data: (data as Tensor['data']).slice() },
    ]),
  )
}
