import { sizeOf } from '../../tensor.ts'
import { broadcastShape, unbroadcast } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch, type TensorFlowTensor } from '../op.ts'

export interface Transposed {
  /** Whether the last two axes of a and of b are swapped before they are multiplied. */
  readonly a: boolean
  readonly b: boolean
}

const matrix = (shape: readonly number[], swapped: boolean): [rows: number, columns: number] => {
  const [rows, columns] = shape.slice(-2) as [number, number]
  return swapped ? [columns, rows] : [rows, columns]
}

/** A permutation of axes. */
export const swapLast = (rank: number): number[] => [...Array(rank - 2).keys(), rank - 1, rank - 2]

const op: Op<Transposed> = {
  name: 'matmul',
  infer([a, b], transposed) {
    if (a!.shape.length < 2 || b!.shape.length < 2)
      throw new ShapeMismatch('both must be matrices, or batches of them')
    const [rows, inner] = matrix(a!.shape, transposed.a)
    const [innerB, columns] = matrix(b!.shape, transposed.b)
    if (inner !== innerB) throw new ShapeMismatch(`${inner} columns meet ${innerB} rows`)
    return [
      {
        dtype: 'float32',
        shape: [...broadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2)), rows, columns],
      },
    ]
  },
  multiplyAdds: ({ inputs: [a], outputs: [y] }, transposed) =>
    sizeOf(y!.shape) * matrix(a!.shape, transposed.a)[1],
  gradient({ graph, inputs: [a, b], gradients: [dy], attributes: transposed, needed }) {
    const da = () =>
      transposed.a
        ? matmul(graph, b!, dy!, { a: transposed.b, b: true })
        : matmul(graph, dy!, b!, { a: false, b: !transposed.b })
    const db = () =>
      transposed.b
        ? matmul(graph, dy!, a!, { a: true, b: transposed.a })
        : matmul(graph, a!, dy!, { a: !transposed.a, b: false })
    return [
      needed[0] ? unbroadcast(graph, da(), a!.type.shape) : undefined,
      needed[1] ? unbroadcast(graph, db(), b!.type.shape) : undefined,
    ]
  },
  // Runtimes fuse these transposes into the product.
  onnx: (emit, [a, b], transposed, { inputs }) => [
    emit.node('MatMul', [
      transposed.a ? emit.node('Transpose', [a!], { perm: swapLast(inputs[0]!.shape.length) }) : a!,
      transposed.b ? emit.node('Transpose', [b!], { perm: swapLast(inputs[1]!.shape.length) }) : b!,
    ]),
  ],
  // TensorFlow.js broadcasts a batch of one, but computes wrong results where both batches broadcast.
  tensorflow(tf, [a, b], transposed, { outputs: [y] }) {
    const broadcast = (x: TensorFlowTensor) =>
      sizeOf(x.shape.slice(0, -2)) === 1
        ? x
        : tf.broadcastTo(x, [...y!.shape.slice(0, -2), ...x.shape.slice(-2)])
    return [tf.matMul(broadcast(a!), broadcast(b!), transposed.a, transposed.b)]
  },
}

/** a · b over the last two axes; leading axes are a batch and broadcast. */
export const matmul = (
  graph: GraphBuilder,
  a: Value,
  b: Value,
  transposed: Transposed = { a: false, b: false },
): Value => graph.add(op, [a, b], transposed)[0]!
