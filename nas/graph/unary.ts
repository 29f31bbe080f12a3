import type { OnnxEmitter } from './onnx/emitter.ts'
import type { Op, TensorFlow, TensorFlowTensor } from './op.ts'

/** An element-wise operation of one operand. */
export const unary = (
  name: string,
  onnx: (emit: OnnxEmitter, x: string) => string,
  tensorflow: (tf: TensorFlow, x: TensorFlowTensor) => TensorFlowTensor,
  gradient: NonNullable<Op<null>['gradient']>,
): Op<null> => ({
  name,
  infer: (inputs) => inputs,
  gradient,
  onnx: (emit, [x]) => [onnx(emit, x!)],
  tensorflow: (tf, [x]) => [tensorflow(tf, x!)],
})
