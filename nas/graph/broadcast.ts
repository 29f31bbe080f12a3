import { showShape, type TensorType } from '../tensor.ts'
import type { GraphBuilder } from './builder.ts'
import type { Value } from './graph.ts'
import { type Op, ShapeMismatch } from './op.ts'
import { reduceSum } from './ops/reduce-sum.ts'
import { reshape } from './ops/reshape.ts'

/** The common shape of two operands by NumPy's rule: aligned at the last axis, a length of 1 stretches. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1
    const right = b[i - rank + b.length] ?? 1
    if (left !== right && left !== 1 && right !== 1)
      throw new ShapeMismatch(`shapes ${showShape(a)} and ${showShape(b)} do not broadcast`)
    return left === 1 ? right : left
  })
}

/** Sums a gradient over the axes along which its operand was stretched. */
export function unbroadcast(graph: GraphBuilder, gradient: Value, shape: readonly number[]): Value {
  const from = gradient.type.shape
  const offset = from.length - shape.length
  const stretched = from.flatMap((length, i) =>
    i < offset || (shape[i - offset] === 1 && length !== 1) ? [i] : [],
  )
  if (stretched.length === 0) return gradient
  return reshape(graph, reduceSum(graph, gradient, stretched), shape)
}

/** What the element-wise operations of two operands share. */
export function binary(
  name: string,
  onnxName: string,
  tensorflow: Op<null>['tensorflow'],
  gradient: NonNullable<Op<null>['gradient']>,
): Op<null> {
  return {
    name,
    infer([a, b]: readonly TensorType[]) {
      if (a!.dtype !== b!.dtype) throw new ShapeMismatch(`${a!.dtype} and ${b!.dtype} do not mix`)
      return [{ dtype: a!.dtype, shape: broadcastShape(a!.shape, b!.shape) }]
    },
    gradient,
    onnx: (emit, inputs) => [emit.node(onnxName, inputs)],
    tensorflow,
  }
}
