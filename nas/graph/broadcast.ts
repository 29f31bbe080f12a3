import { showShape, type TensorType } from '../tensor.ts'
import type { GraphBuilder } from './builder.ts'
import type { Value } from './graph.ts'
import type { OnnxEmitter } from './onnx/emitter.ts'
import { type Op, ShapeMismatch } from './op.ts'
import { reduceSum } from './ops/reduce-sum.ts'
import { reshape } from './ops/reshape.ts'

/** The common shape of two operands by NumPy's rule: aligned at the last axis, a length of 1 is broadcast. */
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

/** Sums a gradient over the axes along which its operand was broadcast. */
export function unbroadcast(graph: GraphBuilder, gradient: Value, shape: readonly number[]): Value {
  const from = gradient.type.shape
  const offset = from.length - shape.length
  const axes = from.flatMap((length, i) =>
    i < offset || (shape[i - offset] === 1 && length !== 1) ? [i] : [],
  )
  if (axes.length === 0) return gradient
  return reshape(graph, reduceSum(graph, gradient, axes), shape)
}

/** An element-wise operation of two operands. */
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
    // Where ranks differ and the last length is 1, as with a filter [K,C,1,1] and a scalar, ONNX Runtime broadcasts element by
    // element, which takes two hundred times as long.
    onnx: (emit, inputs, _, { inputs: types, outputs: [y] }) => {
      const { shape } = y!
      const ofEqualRank = inputs.map((input, i) =>
        shape.at(-1) === 1 ? ofRank(emit, input, types[i]!.shape, shape.length) : input,
      )
      return [emit.node(onnxName, ofEqualRank)]
    },
    tensorflow,
  }
}

function ofRank(emit: OnnxEmitter, x: string, shape: readonly number[], rank: number): string {
  if (shape.length === rank) return x
  const ones = Array<number>(rank - shape.length).fill(1)
  return emit.node('Reshape', [x, emit.ints([...ones, ...shape])])
}
