import type { Backend, Session, SessionOptions } from './backend.ts'
import { type CApi, cApi, cStrings, type Pointer } from './c-api.ts'

/** ONNXTensorElementDataType */
const ELEMENT = { float32: 1, int32: 6 } as const

const WARNING = 2
const ERROR = 3
const ARENA_ALLOCATOR = 1
const DEFAULT_MEMORY = 0

/** ONNX Runtime's CPU kernels, by its C API: results are written in place. */
export function hostBackend(): Backend<Pointer> {
  const api = cApi()
  const environment = api.make('createEnvironment', WARNING, 'trellis')
  const memory = api.make('createCpuMemory', ARENA_ALLOCATOR, DEFAULT_MEMORY)
  // One arena for all sessions that ask for it, of which a supernet has hundreds.
  api.call('shareAllocator', environment, memory, null)
  return {
    view({ dtype, shape, data }) {
      // V8 moves the elements of a small array until its buffer is requested.
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      const dimensions = BigInt64Array.from(shape, BigInt)
      const { length: rank } = dimensions
      return api.make('createTensor', memory, bytes, bytes.length, dimensions, rank, ELEMENT[dtype])
    },
    release: (tensor) => api.call('releaseTensor', tensor),
    async session(model, { inputs, results }, options) {
      const created = createOptions(api, options)
      try {
        const session = api.make('createSession', environment, model, model.byteLength, created)
        return sessionOf(api, session, cStrings(inputs), cStrings(results))
      } finally {
        api.call('releaseSessionOptions', created)
      }
    },
  }
}

function sessionOf(
  api: CApi,
  session: Pointer,
  inputNames: ReturnType<typeof cStrings>,
  resultNames: ReturnType<typeof cStrings>,
): Session<Pointer> {
  /** Arrays that ONNX Runtime reads during a run: references protect them from the garbage collector. */
  const inUse = new Set<unknown>()
  return {
    async run(inputs, results) {
      const tensors = { inputs: BigUint64Array.from(inputs), results: BigUint64Array.from(results) }
      inUse.add(tensors)
      try {
        await api.run(
          session,
          null,
          inputNames.addresses,
          tensors.inputs,
          inputs.length,
          resultNames.addresses,
          results.length,
          tensors.results,
        )
      } finally {
        inUse.delete(tensors)
      }
    },
    dispose: async () => api.call('releaseSession', session),
  }
}

function createOptions(api: CApi, { threads, manyPrograms }: SessionOptions): Pointer {
  const options = api.make('createSessionOptions')
  api.call('setThreads', options, threads)
  api.call('setSeverity', options, ERROR)
  if (manyPrograms) {
    api.call('addConfiguration', options, 'session.use_env_allocators', '1')
    api.call('disableMemoryPattern', options)
    api.call('addConfiguration', options, 'session.intra_op.allow_spinning', '0')
  }
  return options
}
