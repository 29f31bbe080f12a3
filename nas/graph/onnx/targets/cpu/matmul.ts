import type { Transposed } from '../../../ops/matmul.ts'
import type { Rule } from '../target.ts'

/** ONNX Runtime's product of matrices that swaps axes as it reads them. */
export const matmul: Rule<Transposed> = (emit, inputs, transposed) => {
  if (!transposed.a && !transposed.b) return undefined
  const attributes = { transA: Number(transposed.a), transB: Number(transposed.b) }
  return [emit.node('FusedMatMul', inputs, attributes, { domain: 'com.microsoft' })]
}
