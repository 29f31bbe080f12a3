import { promisify } from 'node:util'
import koffi, { type LibraryHandle } from 'koffi'
import { libraryPath } from './package.ts'

/*
 * The functions of ONNX Runtime's C API that are needed here, from the library in onnxruntime-node or another build of it that lies
 * there. Places are those of onnxruntime_c_api.h, whose order no version changes.
 *
 * That package's own binding copies every result to new memory. The features of a supernet pass through many small programs:
 * copies and V8's garbage collection took more than half of a step (bench/README.md).
 */

export type Pointer = bigint

/** ORT_API_VERSION: the one that has the last of these functions. Later libraries have them at the same places. */
const VERSION = 17

/** Functions by their places in the struct OrtApi, to which versions only append. Those that return `void *` return an OrtStatus. */
const FUNCTIONS = {
  errorMessage: [2, 'const char *(void *status)'],
  createEnvironment: [3, 'void *(int severity, const char *name, _Out_ void **environment)'],
  createSession: [
    8,
    'void *(void *environment, void *model, size_t bytes, void *options, _Out_ void **session)',
  ],
  run: [
    9,
    'void *(void *session, void *options, void *names, void *inputs, size_t count, void *resultNames, size_t resultCount, void *results)',
  ],
  createSessionOptions: [10, 'void *(_Out_ void **options)'],
  disableMemoryPattern: [17, 'void *(void *options)'],
  setSeverity: [22, 'void *(void *options, int severity)'],
  setOptimisation: [23, 'void *(void *options, int level)'],
  setThreads: [24, 'void *(void *options, int threads)'],
  countInputs: [30, 'void *(void *session, _Out_ size_t *count)'],
  countOutputs: [31, 'void *(void *session, _Out_ size_t *count)'],
  inputName: [36, 'void *(void *session, size_t index, void *allocator, _Out_ void **name)'],
  outputName: [37, 'void *(void *session, size_t index, void *allocator, _Out_ void **name)'],
  createTensorIn: [48, 'void *(void *allocator, void *shape, size_t rank, int type, _Out_ void **tensor)'],
  createTensor: [
    49,
    'void *(void *memory, void *data, size_t bytes, void *shape, size_t rank, int type, _Out_ void **tensor)',
  ],
  tensorData: [51, 'void *(void *tensor, _Out_ void **data)'],
  elementType: [60, 'void *(void *info, _Out_ int *type)'],
  rank: [61, 'void *(void *info, _Out_ size_t *rank)'],
  dimensions: [62, 'void *(void *info, void *shape, size_t rank)'],
  tensorInfo: [65, 'void *(void *tensor, _Out_ void **info)'],
  createMemory: [68, 'void *(const char *name, int allocator, int device, int type, _Out_ void **memory)'],
  createCpuMemory: [69, 'void *(int allocator, int type, _Out_ void **memory)'],
  free: [76, 'void *(void *allocator, void *memory)'],
  defaultAllocator: [78, 'void *(_Out_ void **allocator)'],
  releaseStatus: [93, 'void (void *status)'],
  releaseSession: [95, 'void (void *session)'],
  releaseTensor: [96, 'void (void *tensor)'],
  releaseTensorInfo: [99, 'void (void *info)'],
  releaseSessionOptions: [100, 'void (void *options)'],
  addConfiguration: [130, 'void *(void *options, const char *key, const char *value)'],
  createAllocator: [131, 'void *(void *session, void *memory, _Out_ void **allocator)'],
  shareAllocator: [144, 'void *(void *environment, void *memory, void *configuration)'],
  createArena: [164, 'void *(void *keys, void *values, size_t count, _Out_ void **arena)'],
  addCuda: [204, 'void *(void *options, void *cuda)'],
  createCudaOptions: [205, 'void *(_Out_ void **cuda)'],
  setCudaOptions: [206, 'void *(void *cuda, void *keys, void *values, size_t count)'],
  releaseCudaOptions: [208, 'void (void *cuda)'],
  shareDeviceAllocator: [
    259,
    'void *(void *environment, const char *provider, void *memory, void *arena, void *keys, void *values, size_t count)',
  ],
  setDeterministic: [273, 'void *(void *options, bool value)'],
} as const satisfies Record<string, readonly [place: number, prototype: string]>

/** Stack of asynchronous calls, bytes; some kernels need more than koffi's 128 KiB. */
const STACK = 2 ** 21

type Name = keyof typeof FUNCTIONS

export interface CApi {
  /** Is unloaded with this. */
  readonly library: LibraryHandle
  /** @throws Error with the library's message where the function fails. */
  call(name: Name, ...values: readonly unknown[]): void
  /** Calls a function that creates an object. @returns the object */
  make(name: Name, ...values: readonly unknown[]): Pointer
  /** The text at an address. */
  text(address: Pointer): string
  /** The memory at an address, as long as it is there. */
  memory(address: Pointer, bytes: number): ArrayBuffer
  /** Calls `run` on another thread. */
  run(...values: readonly unknown[]): Promise<void>
  /** Creates a session on another thread: for thousands of nodes, that takes seconds. */
  createSession(...values: readonly unknown[]): Promise<Pointer>
}

/** C strings, allocated once: koffi would allocate them for every call. */
export function cStrings(strings: readonly string[]) {
  const bytes = strings.map((each) => Buffer.from(`${each}\0`))
  return { bytes, addresses: BigUint64Array.from(bytes, (each) => koffi.address(each)) }
}

/** What an arena says when it is out of memory. */
const BUFFER = /requested buffer of size (\d+)/

export const inMebibytes = (message: string): string =>
  message.replace(BUFFER, (_, bytes) => `a buffer of ${Math.ceil(Number(bytes) / 2 ** 20)} MiB`)

let loaded: CApi | undefined

/** Loads the library, once. */
export function cApi(): CApi {
  loaded ??= load()
  return loaded
}

function load(): CApi {
  // The setting is the process's, which may load this module several times.
  if (koffi.config().async_stack_size! < STACK) koffi.config({ async_stack_size: STACK })
  const library = koffi.load(libraryPath())
  const base: Pointer = library.func('void *OrtGetApiBase()')()
  const [getApi] = koffi.decode(base, koffi.array('void *', 1)) as Pointer[]
  const api: Pointer = koffi.decode(getApi, koffi.proto('void *(uint32_t version)'))(VERSION)
  const functions = Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, [place, prototype]]) => {
      const [address] = koffi.decode(
        api,
        place * koffi.sizeof('void *'),
        koffi.array('void *', 1),
      ) as Pointer[]
      return [name, koffi.decode(address, koffi.proto(prototype))]
    }),
  ) as Record<Name, ReturnType<typeof koffi.decode>>
  const check = (status: Pointer | null | undefined): void => {
    if (!status) return
    const message: string = functions.errorMessage(status)
    functions.releaseStatus(status)
    throw new Error(inMebibytes(message))
  }
  /** What calls on other threads read: references protect it from the garbage collector. */
  const inUse = new Set<readonly unknown[]>()
  const elsewhere = (name: Name) => {
    const call = promisify(functions[name].async) as (
      ...values: readonly unknown[]
    ) => Promise<Pointer | null>
    return async (...values: readonly unknown[]): Promise<void> => {
      inUse.add(values)
      try {
        check(await call(...values))
      } finally {
        inUse.delete(values)
      }
    }
  }
  const createSession = elsewhere('createSession')
  return {
    library,
    call: (name, ...values) => check(functions[name](...values)),
    make(name, ...values) {
      const made: [Pointer | null] = [null]
      check(functions[name](...values, made))
      return made[0]!
    },
    text: (address) => koffi.decode(address, 'char', -1),
    memory: (address, bytes) => koffi.view(address, bytes),
    run: elsewhere('run'),
    async createSession(...values) {
      const made: [Pointer | null] = [null]
      await createSession(...values, made)
      return made[0]!
    },
  }
}
