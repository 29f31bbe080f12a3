import { GraphBuilder } from '../graph/builder.ts'
import { same } from '../graph/convolution.ts'
import { storedType, toOnnx, updatedName } from '../graph/onnx/model.ts'
import { conv2d } from '../graph/ops/conv2d.ts'
import { float32 } from '../tensor.ts'
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
  return device === 'cuda' ? engine(await cudaBackend(), options, 0) : cpu(options)
}

async function cpu(options: SessionOptions): Promise<Engine> {
  const backend = hostBackend()
  return engine(backend, options, await channelsInBlock(backend))
}

function engine<View>(backend: Backend<View>, options: SessionOptions, blockOfDevice: number): Engine {
  return {
    name: 'onnxruntime',
    threads: options.oneOfMany ? options.threads : 1,
    state: (tensors) =>
      new HostState(
        backend,
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
      ),
    async compile(graph, threads = options.threads): Promise<Program> {
      // Where filters are constants, ONNX Runtime finds the blocked kernels by itself, for more than depthwise convolutions.
      const block = graph.parameters.size > 0 ? blockOfDevice : 0
      const session = await backend.session(toOnnx(graph, { block }), { ...options, threads })
      const stored = storedType(graph, block)
      return {
        async run(state, inputs, names = new Map()) {
          const kept = state as HostState<View>
          const known = (name: string): string => names.get(name) ?? name
          checkInputs(graph, inputs)
          checkState(graph, (name) => kept.get(known(name))?.tensor.shape, stored)
          const given = mapValues(graph.inputs, (_, name) => kept.view(inputs[name]!))
          const parameters = mapValues(graph.parameters, (_, name) => kept.get(known(name))!)
          const outputs = mapValues(graph.outputs, ({ type }) => kept.spare(type))
          const updates = mapValues(graph.updates, ({ type }, name) => kept.spare(stored(name, type)))
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

/**
 * Channels in a block of ONNX Runtime's own layout, as wide as a vector register: those with which a convolution of maps in
 * blocks runs. 0 where it has no such layout; it has one for x86, and of late for some Arm processors.
 */
async function channelsInBlock<View>(backend: Backend<View>): Promise<number> {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1, 4, 1, 1] })
  const filter = float32([8, 4, 1, 1], Array<number>(32).fill(1))
  const parameter = { ...filter, role: 'weight', initialiser: { kind: 'constant', value: 1 } } as const
  const probe = graph.build({ y: conv2d(graph, x, graph.parameter('filter', parameter), same([1, 1])) })
  for (const block of [16, 8]) {
    const { compile, state } = engine(backend, { threads: 1, oneOfMany: false }, block)
    const program = await compile(probe).catch(() => undefined)
    const result = program?.run(state({ filter }), { x: float32([1, 4, 1, 1], [1, 2, 3, 4]) })
    const runs = await result?.then(
      () => true,
      () => false,
    )
    await program?.dispose()
    if (runs) return block
  }
  return 0
}

const viewsOf = <View>(tensors: ReadonlyMap<string, Kept<View>>) => mapValues(tensors, ({ view }) => view)

const mapValues = <K, V, W>(map: ReadonlyMap<K, V>, to: (value: V, key: K) => W): Map<K, W> =>
  new Map([...map].map(([key, value]) => [key, to(value, key)]))
