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
  const options = { threads, manyPrograms: manyPrograms }
  return device === 'cuda' ? engine(await cudaBackend(), options, 0) : cpu(options)
}

async function cpu(options: SessionOptions): Promise<Engine> {
  const backend = hostBackend()
  return engine(backend, options, await channelsInBlock(backend))
}

function engine<View>(backend: Backend<View>, options: SessionOptions, blockOfDevice: number): Engine {
  return {
    name: 'onnxruntime',
    threads: options.manyPrograms ? options.threads : 1,
    state: (tensors) =>
      new HostState(
        backend,
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
      ),
    async compile(graph, threads = options.threads): Promise<Program> {
      // Where filters are constants, ONNX Runtime finds the blocked kernels by itself, for more than depthwise convolutions.
      const block = graph.parameters.size > 0 ? blockOfDevice : 0
      const stored = storedType(graph, block)
      const [given, parameters] = [[...graph.inputs.keys()], [...graph.parameters.keys()]]
      const outputs = [...graph.outputs]
      const updates = [...graph.updates].map(([name, { type }]) => ({ name, type: stored(name, type) }))
      const session = await backend.session(
        toOnnx(graph, { block }),
        {
          inputs: [...given, ...parameters],
          results: [...outputs.map(([name]) => name), ...updates.map(({ name }) => updatedName(name))],
        },
        { ...options, threads },
      )
      const viewsOf = (...tensors: readonly (readonly Kept<View>[])[]) =>
        tensors.flat().map(({ view }) => view)
      return {
        async run(state, inputs, names = new Map()) {
          const kept = state as HostState<View>
          const known = (name: string): string => names.get(name) ?? name
          checkInputs(graph, inputs)
          checkState(graph, (name) => kept.get(known(name))?.tensor.shape, stored)
          const ofInputs = given.map((name) => kept.view(inputs[name]!))
          const ofParameters = parameters.map((name) => kept.get(known(name))!)
          const results = outputs.map(([, { type }]) => kept.spare(type))
          const next = updates.map(({ type }) => kept.spare(type))
          await session.run(viewsOf(ofInputs, ofParameters), viewsOf(results, next))
          for (const [i, { name }] of updates.entries()) kept.replace(known(name), next[i]!)
          const values = outputs.map(([name], i) => [name, copy(results[i]!.tensor)])
          for (const each of [...ofInputs, ...results]) kept.free(each)
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
    const { compile, state } = engine(backend, { threads: 1, manyPrograms: false }, block)
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
