import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { TrellisError } from '../errors.ts'
import { GraphBuilder } from '../graph/builder.ts'
import { same } from '../graph/convolution.ts'
import type { Graph } from '../graph/graph.ts'
import { toOnnx, updatedName } from '../graph/onnx/model.ts'
import { conv2d } from '../graph/ops/conv2d.ts'
import type { Tensor, Tensors } from '../tensor.ts'
import { checkInputs, checkState } from './check-inputs.ts'
import type { Engine, Program } from './engine.ts'
import { OrtState, toHost } from './onnxruntime-state.ts'

type Ort = typeof import('onnxruntime-node')

export type Device = 'cpu' | 'cuda'

interface Options {
  readonly device?: Device
  /** Threads of one run. One thread a trial and one trial a core is the fastest way through many trials. */
  readonly threads: number
  /** Whether many programs run by turns, as those of a supernet do; few by default. */
  readonly manyPrograms?: boolean
}

/** The memory that it computes in is given back after each run, and its threads do not wait for the next in a busy loop. */
const ONE_OF_MANY = {
  enableCpuMemArena: false,
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
} as const

/**
 * The default engine: ONNX Runtime's CPU kernels, or CUDA's.
 * @throws `unsupported` where CUDA is asked for and cannot be used.
 */
export async function onnxRuntime({
  device = 'cpu',
  threads,
  manyPrograms = false,
}: Options): Promise<Engine> {
  const ort = (await import('onnxruntime-node')) as Ort
  if (device === 'cuda') await requireCuda(ort)
  const blocked = device === 'cpu' && (await hasBlockedKernels(ort))
  const fromHost = (tensor: Tensor): OrtTensor =>
    new ort.Tensor(tensor.dtype, tensor.data as Float32Array, [...tensor.shape])
  return {
    name: 'onnxruntime',
    state: (tensors) =>
      new OrtState(
        fromHost,
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
      ),
    async compile(graph: Graph): Promise<Program> {
      // Where filters are constants, ONNX Runtime finds the blocked kernels by itself, for more than depthwise convolutions.
      const model = toOnnx(graph, { blocked: blocked && graph.parameters.size > 0 })
      const session: InferenceSession = await ort.InferenceSession.create(model, {
        executionProviders: [...PROVIDERS[device]],
        graphOptimizationLevel: 'all',
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 3,
        ...(manyPrograms && ONE_OF_MANY),
      })
      return {
        async run(state, inputs) {
          const kept = state as OrtState
          checkInputs(graph, inputs)
          checkState(graph, (name) => kept.get(name)?.dims)
          const feeds: Record<string, OrtTensor> = {}
          for (const name of graph.inputs.keys()) feeds[name] = fromHost(inputs[name]!)
          for (const name of graph.parameters.keys()) feeds[name] = kept.get(name)!
          const next = new Map([...graph.updates].map(([name, { type }]) => [name, kept.spare(type)]))
          const fetches: Record<string, OrtTensor | null> = {}
          for (const name of graph.outputs.keys()) fetches[name] = null
          for (const [name, tensor] of next) fetches[updatedName(name)] = tensor
          const results = await session.run(feeds, fetches)
          for (const [name, tensor] of next) kept.replace(name, tensor)
          return Object.fromEntries(
            [...graph.outputs.keys()].map((name) => [name, toHost(results[name]!, false)]),
          )
        },
        dispose: () => session.release(),
      }
    },
  }
}

/** Runs a finished ONNX model once, as those who take it away will. */
export async function runModel(model: Uint8Array, inputs: Tensors): Promise<Tensors> {
  const ort = (await import('onnxruntime-node')) as Ort
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 })
  const feeds = Object.entries(inputs).map(([name, { dtype, data, shape }]) => [
    name,
    new ort.Tensor(dtype, data as Float32Array, [...shape]),
  ])
  const results = await session.run(Object.fromEntries(feeds))
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toHost(tensor, true)]))
}

/** What one provider has no kernel for goes to the next. */
const PROVIDERS = { cpu: ['cpu'], cuda: ['cuda', 'cpu'] } as const

/** ONNX Runtime has them for x86, and of late for some Arm processors. */
const hasBlockedKernels = (ort: Ort): Promise<boolean> =>
  createProbe(ort, 'cpu', true).then(
    () => true,
    () => false,
  )

/** Found out now, or every trial of the job would fail of it. */
async function requireCuda(ort: Ort): Promise<void> {
  try {
    await createProbe(ort, 'cuda', false)
  } catch (cause) {
    throw new TrellisError('unsupported', `engine onnxruntime: CUDA cannot be used here: ${cause}`, {
      fix: 'run in the gpu-onnx image on a machine with a card, or unset TRELLIS_DEVICE',
      cause,
    })
  }
}

/** Compiles a depthwise convolution and lets go of it. */
async function createProbe(ort: Ort, device: Device, blocked: boolean): Promise<void> {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1, 16, 1, 1] })
  const filter = graph.input('filter', { dtype: 'float32', shape: [16, 1, 1, 1] })
  const y = conv2d(graph, x, filter, same([1, 1], { groups: 16 }))
  const session = await ort.InferenceSession.create(toOnnx(graph.build({ y }), { blocked }), {
    executionProviders: [...PROVIDERS[device]],
    logSeverityLevel: 4,
  })
  await session.release()
}

const copy = (tensor: Tensor): Tensor => ({ ...tensor, data: tensor.data.slice() })
