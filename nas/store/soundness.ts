import { decode } from 'fast-png'
import { flawOfModel } from '../graph/onnx/checksum.ts'
import { contentHash } from '../hash.ts'
import { parseJson } from './json.ts'
import { decodeSafetensors } from './safetensors.ts'

/**
 * What is wrong with the bytes of an object, by the checksum of its format; undefined for sound ones, and where there is none.
 * @param content the hash of its value, where its key says that
 */
export function flawOf(key: string, bytes: Uint8Array, content?: string): string | undefined {
  try {
    if (content !== undefined && contentHash(parseJson(bytes)) !== content) return DAMAGED
    return CHECKS[key.slice(key.lastIndexOf('.') + 1)]?.(bytes)
  } catch {
    return DAMAGED
  }
}

const DAMAGED = 'is not what was written there'

/** Each throws where it does not say what is wrong. */
const CHECKS: Readonly<Record<string, (bytes: Uint8Array) => string | undefined>> = {
  json: (bytes) => void parseJson(bytes),
  safetensors: (bytes) => void decodeSafetensors(bytes, ''),
  onnx: flawOfModel,
  png: (bytes) => void decode(bytes, { checkCrc: true }),
}
