import { TrellisError } from '../../errors.ts'
import { copyModel } from '../../graph/onnx/copy-model.ts'
import type { Traffic } from '../engine.ts'
import type { Backend, SessionNames, Value } from './backend.ts'
import { cApi } from './c-api.ts'
import { bytesOf, type DeviceMemory, deviceMemory } from './device-memory.ts'
import { hostMemory, hostMemoryInfo, shareMemory } from './host.ts'
import { PROVIDERS, type ProviderName } from './providers.ts'
import { type BlockingSession, createEnvironment, createSession } from './session.ts'

/** ONNX Runtime with the kernels of a device whose memory is not the host's. */
export interface DeviceBackend extends Backend {
  readonly memory: DeviceMemory
  readonly traffic: Traffic
}

interface DeviceOptions {
  readonly manyPrograms: boolean
  readonly strict: boolean
}

/**
 * States stay in the memory of the device; a run uploads inputs that are not there yet and downloads its outputs. One runs at a time, on one stream.
 * @param name whose kernels; those of the CPU show on a computer without a card what one would be sent
 * @param manyPrograms whether sessions share an arena
 * @param strict whether a model is refused of which the device would leave nodes to the CPU
 * @throws `service-failed` where the device cannot be used: later, every trial of the job would fail. Another machine may be sound.
 */
export async function deviceBackend(
  name: ProviderName,
  { manyPrograms, strict }: DeviceOptions,
): Promise<DeviceBackend> {
  try {
    return await backendOf(name, { manyPrograms, strict })
  } catch (cause) {
    throw new TrellisError(
      'service-failed',
      `engine onnxruntime: CUDA cannot be used here: ${reasonOf(cause)}`,
      {
        fix: 'run in the gpu-onnx image on a machine with a sound card, or unset TRELLIS_DEVICE',
        cause,
      },
    )
  }
}

/** A line without the place in ONNX Runtime's source: a library that is missing, a driver that is too old. */
export function reasonOf(cause: unknown): string {
  const told = String(cause instanceof Error ? cause.message : cause)
  const [ofLibrary] = /CU(DA|DNN|BLAS) failure \d+: [^;\n]*/.exec(told) ?? []
  if (ofLibrary !== undefined) return ofLibrary.trim()
  return told
    .replace(/^.*\[ONNXRuntimeError\] : \d+ : \w+ : /s, '')
    .trim()
    .split('\n')[0]!
}

async function backendOf(
  name: ProviderName,
  { manyPrograms, strict }: DeviceOptions,
): Promise<DeviceBackend> {
  const provider = PROVIDERS[name]
  const api = cApi()
  const environment = createEnvironment(api)
  const info = provider.memoryInfo(api)
  if (manyPrograms) provider.shareArena(api, environment, info)
  const traffic = { uploads: 0, uploadedBytes: 0, downloads: 0, downloadedBytes: 0 }
  const session = async (model: Uint8Array, names: SessionNames, threads: number) => {
    const created = await createSession(api, environment, model, names, threads, (options) => {
      // Where there are kernels whose sums may have any order, others are chosen.
      api.call('setDeterministic', options, true)
      if (manyPrograms) shareMemory(api, options)
      provider.add(api, options, strict)
    })
    return { ...created, ...counted(created, traffic) }
  }
  const names = { inputs: ['x'], results: ['y'] }
  const copies = {
    float32: await session(copyModel('float32'), names, 1),
    int32: await session(copyModel('int32'), names, 1),
  }
  const host = hostMemory(api, hostMemoryInfo(api))
  const allocator = api.make('createAllocator', copies.float32.pointer, info)
  return {
    host,
    memory: deviceMemory(api, { allocator, host, copies }),
    traffic,
    session: (model, names, { threads }) => session(model, names, threads),
  }
}

type Counts = { -readonly [key in keyof Traffic]: Traffic[key] }

/** Counts the tensors of the host among inputs, which are uploaded, and among results, which are downloaded. */
function counted(session: BlockingSession, traffic: Counts): Pick<BlockingSession, 'run' | 'runNow'> {
  const count = (inputs: readonly Value[], results: readonly Value[]) => {
    const [uploaded, downloaded] = [inputs, results].map((values) =>
      values.filter((value) => 'tensor' in value).map(bytesOf),
    ) as [number[], number[]]
    traffic.uploads += uploaded.length
    traffic.downloads += downloaded.length
    traffic.uploadedBytes += sum(uploaded)
    traffic.downloadedBytes += sum(downloaded)
  }
  return {
    run(inputs, results) {
      count(inputs, results)
      return session.run(inputs, results)
    },
    runNow(inputs, results) {
      count(inputs, results)
      session.runNow(inputs, results)
    },
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
