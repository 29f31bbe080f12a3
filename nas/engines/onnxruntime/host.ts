import type { Backend, SessionOptions } from './backend.ts'
import { cApi, cStrings, type Pointer } from './c-api.ts'

/** ONNXTensorElementDataType */
const ELEMENT = { float32: 1, int32: 6 } as const

const WARNING = 2
const ERROR = 3
const ARENA_ALLOCATOR = 1
const DEFAULT_MEMORY = 0

/** ONNX Runtime's CPU kernels, by its C API: results are written where they are kept. */
export function hostBackend(): Backend<Pointer> {
  const api = cApi()
  const environment = api.make('createEnvironment', WARNING, 'trellis')
  const memory = api.make('createCpuMemory', ARENA_ALLOCATOR, DEFAULT_MEMORY)
  // One arena for all sessions that ask for it, of which a supernet has hundreds.
  api.call('shareAllocator', environment, memory, null)
  return {
    view({ dtype, shape, data }) {
      // V8 moves the numbers of small arrays about until their buffer is asked for.
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      const dimensions = BigInt64Array.from(shape, BigInt)
      return api.make(
        'createTensor',
        memory,
        bytes,
        bytes.length,
        dimensions,
        dimensions.length,
        ELEMENT[dtype],
      )
    },
    release: (tensor) => api.call('releaseTensor', tensor),
    async session(model, names, options) {
      const [inputNames, resultNames] = [cStrings(names.inputs), cStrings(names.results)]
      const made = sessionOptions(options)
      let session: Pointer
      try {
        session = api.make('createSession', environment, model, model.byteLength, made)
      } finally {
        api.call('releaseSessionOptions', made)
      }
      /** What ONNX Runtime reads while it runs: V8 must not take it back. */
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
    },
  }

  function sessionOptions({ threads, manyPrograms }: SessionOptions): Pointer {
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
}
