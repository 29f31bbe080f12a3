import { GraphBuilder } from '../graph/builder.ts'
import { same } from '../graph/convolution.ts'
import type { Graph } from '../graph/graph.ts'
import { toOnnx, updatedName } from '../graph/onnx/model.ts'
import { conv2d } from '../graph/ops/conv2d.ts'
import { checkInputs, checkState } from './check-inputs.ts'
import type { Engine, Program } from './engine.ts'
import type { Backend, SessionOptions } from './onnxruntime/backend.ts'
import { cudaBackend } from './onnxruntime/binding.ts'
import { hostBackend } from './onnxruntime/host.ts'
import { copy, HostState, type Kept } from './onnxruntime/state.ts'

export type Device = 'cpu' | 'cuda'

interface Options {
  readonly device?: Device
  /** Threads of one run. One thread a trial and one trial a core is the fastest way through many trials. */
  readonly threads: number
  /** Whether many programs run by turns, as those of a supernet do; few by default. */
  readonly manyPrograms?: boolean
}

/**
 * The default engine: ONNX Runtime's CPU kernels, or CUDA's.
 * @throws `unsupported` where CUDA is asked for and cannot be used.
 */
export async function onnxRuntime({
  device = 'cpu',
  threads,
  manyPrograms = false,
}: Options): Promise<Engine> {
  // Read when the library is loaded. It would keep a database of what it ran, and send it away.
  process.env.ORT_DISABLE_TELEMETRY = '1'
  const options = { threads, oneOfMany: manyPrograms }
  return device === 'cuda' ? engine(await cudaBackend(), options, false) : cpu(options)
}

async function cpu(options: SessionOptions): Promise<Engine> {
  const backend = hostBackend()
  return engine(backend, options, await hasBlockedKernels(backend))
}

function engine<View>(backend: Backend<View>, options: SessionOptions, blocked: boolean): Engine {
  return {
    name: 'onnxruntime',
    // While one waits for its threads, the other computes.
    atOnce: options.oneOfMany ? Math.min(2, options.threads) : 1,
    state: (tensors) =>
      new HostState(
        backend,
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
      ),
    async compile(graph: Graph): Promise<Program> {
      // Where filters are constants, ONNX Runtime finds the blocked kernels by itself, for more than depthwise convolutions.
      const model = toOnnx(graph, { blocked: blocked && graph.parameters.size > 0 })
      const session = await backend.session(model, options)
      return {
        async run(state, inputs, names = new Map()) {
          const kept = state as HostState<View>
          const known = (name: string): string => names.get(name) ?? name
          checkInputs(graph, inputs)
          checkState(graph, (name) => kept.get(known(name))?.tensor.shape)
          const given = mapValues(graph.inputs, (_, name) => kept.view(inputs[name]!))
          const parameters = mapValues(graph.parameters, (_, name) => kept.get(known(name))!)
          const outputs = mapValues(graph.outputs, ({ type }) => kept.spare(type))
          const updates = mapValues(graph.updates, ({ type }) => kept.spare(type))
          const results = [...outputs, ...[...updates].map(([name, to]) => [updatedName(name), to] as const)]
          await session.run(viewsOf(new Map([...given, ...parameters])), viewsOf(new Map(results)))
          for (const [name, next] of updates) kept.replace(known(name), next)
          const values = mapValues(outputs, ({ tensor }) => copy(tensor))
          for (const each of [...given.values(), ...outputs.values()]) kept.free(each)
          return Object.fromEntries(values)
        },
        dispose: () => session.dispose(),
      }
    },
  }
}

/** ONNX Runtime has them for x86, and of late for some Arm processors. */
async function hasBlockedKernels<View>(backend: Backend<View>): Promise<boolean> {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1, 16, 1, 1] })
  const filter = graph.input('filter', { dtype: 'float32', shape: [16, 1, 1, 1] })
  const y = conv2d(graph, x, filter, same([1, 1], { groups: 16 }))
  const model = toOnnx(graph.build({ y }), { blocked: true })
  return backend.session(model, { threads: 1, oneOfMany: false }).then(
    (session) => session.dispose().then(() => true),
    () => false,
  )
}

const viewsOf = <View>(tensors: ReadonlyMap<string, Kept<View>>) => mapValues(tensors, ({ view }) => view)

const mapValues = <K, V, W>(map: ReadonlyMap<K, V>, to: (value: V, key: K) => W): Map<K, W> =>
  new Map([...map].map(([key, value]) => [key, to(value, key)]))
