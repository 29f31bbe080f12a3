import { GraphBuilder } from '../graph/builder.ts'
import { same } from '../graph/convolution.ts'
import { storedType, toOnnx, updatedName } from '../graph/onnx/model.ts'
import { cpu as cpuTarget } from '../graph/onnx/targets/cpu/index.ts'
import { shortLived } from '../graph/onnx/targets/cpu/short-lived.ts'
import { cuda } from '../graph/onnx/targets/cuda/index.ts'
import type { Target } from '../graph/onnx/targets/target.ts'
import { conv2d } from '../graph/ops/conv2d.ts'
import { float32, type Tensor } from '../tensor.ts'
import { checkInputs, checkState } from './check-inputs.ts'
import type { CompileOptions, Engine, Program } from './engine.ts'
import type { Backend, HostValue, SessionOptions, Value } from './onnxruntime/backend.ts'
import { deviceBackend } from './onnxruntime/device.ts'
import { hostBackend } from './onnxruntime/host.ts'
import { copy } from './onnxruntime/pool.ts'
import { PooledState } from './onnxruntime/state.ts'
import { Uploads } from './onnxruntime/uploads.ts'

export type Device = 'cpu' | 'cuda'

interface Options {
  readonly device?: Device
  /** Threads of one run. Many trials finish soonest with one thread a trial and one trial a core. */
  readonly threads: number
  /** Whether many programs share the cores, as those of a supernet; few by default. */
  readonly manyPrograms?: boolean
  /** Whose kernels run what is compiled for the device: those of the CPU show what a card would be sent. The device's by default. */
  readonly provider?: Device
  /** Of a card: whether a model is refused of which it would leave nodes to the CPU. */
  readonly strict?: boolean
}

/**
 * The default engine: ONNX Runtime's CPU kernels, or CUDA's.
 * @throws `service-failed` where CUDA is asked for and cannot be used.
 */
export async function onnxRuntime({
  device = 'cpu',
  threads,
  manyPrograms = false,
  provider = device,
  strict = false,
}: Options): Promise<Engine> {
  // The library reads this when it is loaded; by default it records its sessions in a database and uploads them.
  process.env.ORT_DISABLE_TELEMETRY = '1'
  const options = { threads, manyPrograms }
  if (device === 'cpu') return cpu(options)
  const backend = await deviceBackend(provider, { manyPrograms, strict })
  const uploads = new Uploads(backend.memory)
  return {
    ...engine(
      backend,
      options,
      { steps: cuda, constants: cuda, shortLived: { steps: cuda, constants: cuda } },
      uploads,
    ),
    threads: 1,
    traffic: backend.traffic,
    upload: (tensors) => uploads.upload(tensors),
  }
}

async function cpu(options: EngineOptions): Promise<Engine> {
  const backend = hostBackend()
  return engine(backend, options, cpuTargets(await nchwcBlockSize(backend)))
}

type EngineOptions = Pick<SessionOptions, 'threads' | 'manyPrograms'>

/** What graphs are lowered for: training steps, and networks whose weights are constants. */
interface Lowerings {
  readonly steps: Target
  readonly constants: Target
}

interface Targets extends Lowerings {
  readonly shortLived: Lowerings
}

/** Where filters are constants, ONNX Runtime chooses NCHWc itself, for more operations than we do. */
const cpuTargets = (block: number): Targets => ({
  steps: cpuTarget(block),
  constants: cpuTarget(0),
  shortLived: { steps: shortLived(block), constants: shortLived(0) },
})

function engine(
  backend: Backend,
  options: EngineOptions,
  targets: Targets,
  uploads?: Pick<Uploads, 'get'>,
): Engine {
  return {
    name: 'onnxruntime',
    threads: options.manyPrograms ? options.threads : 1,
    rewrites: targets.steps.rewrites,
    state: (tensors) =>
      new PooledState(
        backend,
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
      ),
    async compile(
      graph,
      { threads = options.threads, shortLived = false }: CompileOptions = {},
    ): Promise<Program> {
      const { steps, constants } = shortLived ? targets.shortLived : targets
      const target = graph.parameters.size > 0 ? steps : constants
      const stored = storedType(graph, target)
      const [inputNames, parameters] = [[...graph.inputs.keys()], [...graph.parameters.keys()]]
      const outputs = [...graph.outputs]
      const updates = [...graph.updates].map(([name, { type }]) => ({ name, type: stored(name, type) }))
      const session = await backend.session(
        toOnnx(graph, { target }),
        {
          inputs: [...inputNames, ...parameters],
          results: [...outputs.map(([name]) => name), ...updates.map(({ name }) => updatedName(name))],
        },
        { ...options, threads, constant: graph.parameters.size === 0, blocking: shortLived },
      )
      return {
        async run(state, inputs, names = new Map()) {
          const inMemory = state as PooledState
          const { pool, results } = inMemory
          const inState = (name: string): string => names.get(name) ?? name
          checkInputs(graph, inputs)
          checkState(graph, (name) => inMemory.get(inState(name))?.type.shape, stored)
          const placed: HostValue[] = []
          const place = (tensor: Tensor) => {
            placed.push(backend.host.place(tensor))
            return placed.at(-1)!
          }
          const ofInputs = inputNames.map((name) => uploads?.get(inputs[name]!) ?? place(inputs[name]!))
          const ofParameters = parameters.map((name) => inMemory.get(inState(name))!)
          const ofOutputs: HostValue[] = []
          const next: Value[] = []
          try {
            for (const [, { type }] of outputs) ofOutputs.push(results.allocate(type))
            for (const { type } of updates) next.push(pool.allocate(type))
            await session.run([...ofInputs, ...ofParameters], [...ofOutputs, ...next])
            for (const { name } of updates) inMemory.replace(inState(name), next.shift()!)
            return Object.fromEntries(outputs.map(([name], i) => [name, copy(ofOutputs[i]!.tensor)]))
          } finally {
            for (const each of placed) backend.host.release(each)
            for (const each of ofOutputs) results.release(each)
            // What a run that failed leaves: a device has no garbage collector.
            for (const each of next) pool.release(each)
          }
        },
        dispose: () => session.dispose(),
      }
    },
  }
}

/**
 * Channels of an NCHWc block on this processor, which fill a vector register, found by running a convolution in that layout.
 * 0 where ONNX Runtime has no NCHWc: it has it for x86, and recently for some Arm processors.
 */
async function nchwcBlockSize(backend: Backend): Promise<number> {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1, 4, 1, 1] })
  const filter = float32([8, 4, 1, 1], Array<number>(32).fill(1))
  const parameter = { ...filter, role: 'weight', initialiser: { kind: 'constant', value: 1 } } as const
  const probe = graph.build({ y: conv2d(graph, x, graph.parameter('filter', parameter), same([1, 1])) })
  for (const block of [16, 8]) {
    const { compile, state } = engine(backend, { threads: 1, manyPrograms: false }, cpuTargets(block))
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
