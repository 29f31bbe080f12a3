import type { Op } from '../../../op.ts'
import { matmulOp, type Transposed } from '../../../ops/matmul.ts'

/** ONNX Runtime's product of matrices that swaps axes as it reads them. */
export const matmul: Op<Transposed>['onnx'] = (emit, inputs, transposed, types) => {
  if (!transposed.a && !transposed.b) return matmulOp.onnx(emit, inputs, transposed, types)
  const attributes = { transA: Number(transposed.a), transB: Number(transposed.b) }
  return [emit.node('FusedMatMul', inputs, attributes, { domain: 'com.microsoft' })]
}
