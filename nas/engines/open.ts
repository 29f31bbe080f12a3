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
  const library = '@tensorflow/tfjs-node-gpu'
  try {
    const [{ tensorFlow }, tf] = await Promise.all([import('./tensorflow.ts'), import(library)])
    return await tensorFlow({ tf })
  } catch (cause) {
    throw new TrellisError('unsupported', `engine tensorflow: ${library} is not installed here`, {
      fix: 'set compute.engine to onnxruntime, or run in the gpu-tensorflow image',
      cause,
    })
  }
}
