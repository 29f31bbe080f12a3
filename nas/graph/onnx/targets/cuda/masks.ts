import type { Op } from '../../../op.ts'
import type { OnnxEmitter } from '../../emitter.ts'

/** dy where 0 < y < cap, else 0. */
export function where0(emit: OnnxEmitter, dy: string, y: string, cap: number): string {
  const positive = emit.node('Greater', [y, emit.float(0)])
  const inside =
    cap === Infinity ? positive : emit.node('And', [positive, emit.node('Less', [y, emit.float(cap)])])
  return emit.node('Where', [inside, dy, emit.float(0)])
}

export const reluGradient: Op<{ readonly cap: number }>['onnx'] = (emit, [dy, y], { cap }) => [
  where0(emit, dy!, y!, cap),
]

/** Comparison, selection and scaling: launches cost less than a product of thin matrices. */
export const dropout: Op<{ readonly oneIn: number }>['onnx'] = (
  emit,
  [x, channelNoise, positionNoise],
  { oneIn },
) => {
  const dropped = emit.node('Equal', [channelNoise!, positionNoise!])
  const scaled = emit.node('Mul', [x!, emit.float(oneIn / (oneIn - 1))])
  return [emit.node('Where', [dropped, emit.float(0), scaled])]
}
