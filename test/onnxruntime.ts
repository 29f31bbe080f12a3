import { fileURLToPath } from 'node:url'
import { putOnnxRuntime } from '../scripts/onnxruntime.mjs'

/** What tests run graphs with: the build puts it there, for who has not built yet. */
export const setup = (): void =>
  putOnnxRuntime(fileURLToPath(new URL('../dist/onnxruntime-node', import.meta.url)))
