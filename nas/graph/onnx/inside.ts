import type { OnnxEmitter } from './emitter.ts'

/** dy where 0 < y < cap, else 0. */
export function inside(emit: OnnxEmitter, dy: string, y: string, cap: number): string {
  const positive = emit.node('Greater', [y, emit.float(0)])
  const both =
    cap === Infinity ? positive : emit.node('And', [positive, emit.node('Less', [y, emit.float(cap)])])
  return emit.node('Where', [both, dy, emit.float(0)])
}
