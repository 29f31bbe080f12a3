import { meanOuterProduct } from '../../mean-outer-product.ts'
import type { Rule } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { channelMean } from './channels.ts'

/** The covariance as E[x xᵀ] - m mᵀ takes one pass over memory less. */
export const moments: Rule<null, BlockedEmitter> = (emit, [x], _, { inputs: [type] }) => {
  const { shape } = type!
  const mean = channelMean(emit, x!, shape)
  const [column, row] = [
    [shape[1]!, 1],
    [1, shape[1]!],
  ].map((matrix) => emit.node('Reshape', [mean, emit.ints(matrix)]))
  const product = (a: string) =>
    emit.node('FusedMatMul', [a, a], { transA: 0, transB: 1 }, { domain: 'com.microsoft' })
  const secondMoment = meanOuterProduct(emit, x!, shape, product)
  return [mean, emit.node('Sub', [secondMoment, emit.node('MatMul', [column!, row!])])]
}
