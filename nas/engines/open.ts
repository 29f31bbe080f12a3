import { createRequire } from 'node:module'
import { TrellisError } from '../errors.ts'
import type { Engine } from './engine.ts'
import type { Device } from './onnxruntime.ts'

type EngineName = 'onnxruntime' | 'tensorflow'

/**
 * Loads an engine's native library on demand.
 * @param device of onnxruntime; tensorflow runs on the device that its library was built for
 * @throws `unsupported` where that library is not installed.
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
  try {
    const [{ tensorFlow }, tf] = await Promise.all([import('./tensorflow.ts'), import(TENSORFLOW)])
    return await tensorFlow({ tf })
  } catch (cause) {
    throw notInstalled(cause)
  }
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
