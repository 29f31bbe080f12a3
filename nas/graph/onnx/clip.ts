import type { OnnxEmitter } from './emitter.ts'

/** min(max(x, 0), cap) */
export const clip = (emit: OnnxEmitter, x: string, cap: number): string =>
  cap === Infinity ? emit.node('Relu', [x]) : emit.node('Clip', [x, emit.float(0), emit.float(cap)])
