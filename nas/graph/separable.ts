import { float32, type Tensor } from '../tensor.ts'
import type { GraphBuilder } from './builder.ts'
import type { Value } from './graph.ts'
import type { OnnxEmitter } from './onnx/emitter.ts'
import type { TensorFlow, TensorFlowTensor } from './op.ts'
import { matmul } from './ops/matmul.ts'

/**
 * A separable linear map of feature maps: y = R x Sᵀ for every channel of x [N,C,H,W], with constant
 * R [H',H] and S [W',W]. Average pooling and bilinear resizing are such maps; the gradient of one is Rᵀ dy S.
 */
export interface Separable {
  readonly rows: Tensor
  readonly columns: Tensor
}

/** A matrix [to, from]. @param weigh sets the weights of a row that are not zero */
export function matrix(to: number, from: number, weigh: (i: number, row: Float32Array) => void): Tensor {
  const data = new Float32Array(to * from)
  for (let i = 0; i < to; i++) weigh(i, data.subarray(i * from, (i + 1) * from))
  return float32([to, from], data)
}

/** The gradient of a separable map by its input. */
export const separableGradient = (graph: GraphBuilder, dy: Value, { rows, columns }: Separable): Value =>
  matmul(graph, graph.constant(rows), matmul(graph, dy, graph.constant(columns)), { a: true, b: false })

export const separableOnnx = (emit: OnnxEmitter, x: string, { rows, columns }: Separable): string =>
  separableProduct(
    emit,
    x,
    [rows, columns].map(({ shape, data }) => emit.floats(shape, data as Float32Array)),
  )

/** R x Sᵀ. @param matrices R and S */
export function separableProduct(emit: OnnxEmitter, x: string, matrices: readonly string[]): string {
  const [rows, columns] = matrices as [string, string]
  const narrowed = emit.node('MatMul', [x, emit.node('Transpose', [columns], { perm: [1, 0] })])
  return emit.node('MatMul', [rows, narrowed])
}

export function separableTensorFlow(
  tf: TensorFlow,
  x: TensorFlowTensor,
  { rows, columns }: Separable,
): TensorFlowTensor {
  const [left, right] = [rows, columns].map(({ shape, data }) => tf.tensor2d(data, shape as [number, number]))
  const [n, c, height] = x.shape as [number, number, number, number]
  const narrowed = tf.matMul(tf.reshape(x, [n * c * height, -1]), right!, false, true)
  const upright = tf.transpose(tf.reshape(narrowed, [n * c, height, -1]), [0, 2, 1])
  const width = columns.shape[0]!
  const product = tf.matMul(tf.reshape(upright, [n * c * width, height]), left!, false, true)
  return tf.transpose(tf.reshape(product, [n, c, width, -1]), [0, 1, 3, 2])
}
