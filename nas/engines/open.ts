import { createRequire } from 'node:module'
import { TrellisError } from '../errors.ts'
import type { Engine } from './engine.ts'
import type { Device } from './onnxruntime.ts'

type EngineName = 'onnxruntime' | 'tensorflow'

/**
 * Loads an engine's native library on demand.
 * @param device of tensorflow, whose library takes a card where it finds one: whether it must find one
 * @throws `unsupported` where that library is not installed, `service-failed` where its card cannot be used
 */
export async function openEngine(
  name: EngineName,
  {
    device,
    ...options
  }: { readonly device: Device; readonly threads: number; readonly manyPrograms?: boolean },
): Promise<Engine> {
  if (name === 'onnxruntime') {
    const { onnxRuntime } = await import('./onnxruntime.ts')
    return onnxRuntime({ device, ...options })
  }
  checkInstalled(name)
  const [{ tensorFlow }, tf] = await Promise.all([import('./tensorflow.ts'), import(TENSORFLOW)])
  const engine = await tensorFlow({ tf })
  if (device === 'cuda' && !tf.backend().isUsingGpuDevice)
    throw new TrellisError('service-failed', 'engine tensorflow: it finds no card that it can use here', {
      fix: 'run in the gpu-tensorflow image on a machine with a sound card, or unset TRELLIS_DEVICE',
    })
  return engine
}

const TENSORFLOW = '@tensorflow/tfjs-node-gpu'

/** Loads nothing: a library that is loaded holds the memory of its card. @throws TrellisError `unsupported`, as `openEngine` */
export function checkInstalled(name: EngineName): void {
  if (name === 'onnxruntime') return
  try {
    createRequire(import.meta.url).resolve(TENSORFLOW)
  } catch (cause) {
    throw notInstalled(cause)
  }
}

const notInstalled = (cause: unknown): TrellisError =>
  new TrellisError('unsupported', `engine tensorflow: ${TENSORFLOW} is not installed here`, {
    fix: 'set compute.engine to onnxruntime, or run in the gpu-tensorflow image',
    cause,
  })
