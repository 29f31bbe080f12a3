import { type CApi, cStrings, type Pointer } from './c-api.ts'
import { hostMemoryInfo } from './host.ts'

/** An execution provider of ONNX Runtime: whose kernels run, on tensors in whose memory. */
interface Provider {
  /** OrtMemoryInfo of its memory. */
  memoryInfo(api: CApi): Pointer
  /** Adds it to the options of a session. @param strict see `deviceBackend` */
  add(api: CApi, options: Pointer, strict: boolean): void
  /** Has all sessions with `session.use_env_allocators` share one arena of its memory. */
  shareArena(api: CApi, environment: Pointer, memory: Pointer): void
}

const DEVICE_ALLOCATOR = 0
const DEFAULT_MEMORY = 0

/**
 * Of the CUDA provider. TF32 has the digits of 10-bit mantissas. The exhaustive search times algorithms, so that a resumed training may
 * get others; the heuristic one goes by shapes. Arenas that double would keep what other arenas need.
 */
const CUDA_OPTIONS = {
  device_id: '0',
  use_tf32: '0',
  cudnn_conv_algo_search: 'HEURISTIC',
  arena_extend_strategy: 'kSameAsRequested',
} as const

/** ONNX Runtime takes a limit of 0 for none: a job has its card alone, and what no longer fits is told. */
const ARENA = { max_mem: 0n, arena_extend_strategy: 1n } as const

/** An environment is the process's and has one shared arena. */
let hasSharedArena = false

const cuda: Provider = {
  memoryInfo: (api) => api.make('createMemory', 'Cuda', DEVICE_ALLOCATOR, 0, DEFAULT_MEMORY),
  add(api, options, strict) {
    if (strict) api.call('addConfiguration', options, 'session.disable_cpu_ep_fallback', '1')
    const cudaOptions = api.make('createCudaOptions')
    try {
      const [keys, values] = [cStrings(Object.keys(CUDA_OPTIONS)), cStrings(Object.values(CUDA_OPTIONS))]
      api.call('setCudaOptions', cudaOptions, keys.addresses, values.addresses, keys.bytes.length)
      api.call('addCuda', options, cudaOptions)
    } finally {
      api.call('releaseCudaOptions', cudaOptions)
    }
  },
  shareArena(api, environment, memory) {
    if (hasSharedArena) return
    const names = cStrings(Object.keys(ARENA))
    const settings = BigUint64Array.from(Object.values(ARENA))
    const arena = api.make('createArena', names.addresses, settings, settings.length)
    const [keys, values] = [cStrings(Object.keys(CUDA_OPTIONS)), cStrings(Object.values(CUDA_OPTIONS))]
    const provider = 'CUDAExecutionProvider'
    const { length } = keys.bytes
    api.call(
      'shareDeviceAllocator',
      environment,
      provider,
      memory,
      arena,
      keys.addresses,
      values.addresses,
      length,
    )
    hasSharedArena = true
  },
}

/** Its kernels are in every session. */
const cpu: Provider = {
  memoryInfo: hostMemoryInfo,
  add: () => {},
  shareArena: (api, environment, memory) => api.call('shareAllocator', environment, memory, null),
}

export const PROVIDERS = { cuda, cpu } as const satisfies Record<string, Provider>

export type ProviderName = keyof typeof PROVIDERS
