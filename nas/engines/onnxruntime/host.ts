import { setImmediate } from 'node:timers/promises'
import { sizeOf, type TensorType } from '../../tensor.ts'
import type { Backend, HostValue, Memory } from './backend.ts'
import { type CApi, cApi, type Pointer } from './c-api.ts'
import { copy } from './pool.ts'
import { type BlockingSession, createEnvironment, createSession } from './session.ts'

/** ONNXTensorElementDataType */
export const ELEMENT = { float32: 1, int32: 6 } as const

/** GraphOptimizationLevel */
const AS_IT_IS = 0

const ARENA_ALLOCATOR = 1
const DEFAULT_MEMORY = 0

/** OrtMemoryInfo of host memory. */
export const hostMemoryInfo = (api: CApi): Pointer =>
  api.make('createCpuMemory', ARENA_ALLOCATOR, DEFAULT_MEMORY)

/** Host memory, which runs read and write in place. */
export function hostMemory(api: CApi, memory: Pointer): Memory<HostValue> {
  const place: Memory<HostValue>['place'] = (tensor) => {
    const { dtype, shape, data } = tensor
    // V8 moves the elements of a small array until its buffer is requested.
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const dimensions = BigInt64Array.from(shape, BigInt)
    const { length: rank } = dimensions
    const pointer = api.make('createTensor', memory, bytes, bytes.length, dimensions, rank, ELEMENT[dtype])
    return { type: tensor, tensor, pointer }
  }
  return {
    place,
    allocate: (type) => place(uninitialised(type)),
    read: async ({ tensor }) => copy(tensor),
    release: ({ pointer }) => api.call('releaseTensor', pointer),
  }
}

const uninitialised = ({ dtype, shape }: TensorType) => ({
  dtype,
  shape,
  data: new (dtype === 'float32' ? Float32Array : Int32Array)(sizeOf(shape)),
})

/** ONNX Runtime's CPU kernels, by its C API: results are written where the state keeps them. */
export function hostBackend(): Backend {
  const api = cApi()
  const environment = createEnvironment(api)
  const info = hostMemoryInfo(api)
  // One arena for all sessions that ask for it, of which a supernet has hundreds.
  api.call('shareAllocator', environment, info, null)
  const host = hostMemory(api, info)
  return {
    host,
    memory: host,
    async session(model, names, { constant, threads, manyPrograms, blocking }) {
      const session = await createSession(api, environment, model, names, threads, (options) => {
        // For a training step it has no faster way, and looks for one in thousands of nodes for seconds.
        if (!constant) api.call('setOptimisation', options, AS_IT_IS)
        if (manyPrograms) shareMemory(api, options)
      })
      return blocking ? { ...session, run: runHere(session) } : session
    },
  }
}

/**
 * On the calling thread: where each core has a job, waking another thread takes about a millisecond. Signals and timers have their turn
 * after each run.
 */
const runHere =
  ({ runNow }: BlockingSession): BlockingSession['run'] =>
  async (...values) => {
    runNow(...values)
    await setImmediate()
  }

/** For sessions that share the cores. */
export function shareMemory(api: CApi, options: Pointer): void {
  api.call('addConfiguration', options, 'session.use_env_allocators', '1')
  api.call('disableMemoryPattern', options)
  api.call('addConfiguration', options, 'session.intra_op.allow_spinning', '0')
}
