import { TrellisError } from '../errors.ts'
import type { Tensor, Tensors } from '../tensor.ts'

/** Whether none of the numbers is NaN or infinite. */
export function allFinite({ data }: Tensor): boolean {
  if (data instanceof Int32Array) return true
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length)
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & EXPONENT) === EXPONENT) return false
  return true
}

/** A network that is of no use. */
export const notFiniteError = (): TrellisError =>
  new TrellisError('trial-failed', 'what the network predicts is not finite')

/** Of a float32, all ones in NaN and infinities alone. */
const EXPONENT = 0x7f800000

/** Says which tensor is not finite, the first by name; undefined where all are. */
export function notFinite(tensors: Tensors): string | undefined {
  const name = Object.keys(tensors)
    .sort()
    .find((name) => !allFinite(tensors[name]!))
  return name === undefined ? undefined : `${name} is not finite`
}
