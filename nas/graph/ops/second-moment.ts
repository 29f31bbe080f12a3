import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import { same } from '../convolution.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { add } from './add.ts'
import { conv2d } from './conv2d.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

const op: Op<null> = {
  name: 'second-moment',
  infer([x]) {
    const c = x!.shape[1]!
    if (x!.shape.length !== 4) throw new ShapeMismatch('needs [N,C,H,W]')
    return [{ dtype: 'float32', shape: [c, c] }]
  },
  multiplyAdds: ({ inputs: [x] }) => sizeOf(x!.shape) * x!.shape[1]!,
  // d / dx Σ G ∘ (x xᵀ) = (G + Gᵀ) x, which is a 1x1 convolution.
  gradient({ graph, inputs: [x], gradients: [dy] }) {
    const { shape } = x!.type
    const c = shape[1]!
    const both = add(graph, dy!, transpose(graph, dy!, [1, 0]))
    const filter = reshape(graph, mul(graph, both, graph.scalar(c / sizeOf(shape))), [c, c, 1, 1])
    return [conv2d(graph, x!, filter, same([1, 1]))]
  },
  onnx(emit, [x], _, { inputs: [xType] }) {
    const [n, c, h, w] = xType!.shape as [number, number, number, number]
    const share = emit.float(1 / (n * h * w))
    const times = (a: string, b: string) => emit.node('MatMul', [a, b])
    if (c > h * w) {
      const moved = emit.node('Transpose', [emit.node('Reshape', [x!, emit.ints([n, c, h * w])])], {
        perm: [1, 0, 2],
      })
      const rows = emit.node('Reshape', [moved, emit.ints([c, n * h * w])])
      return [emit.node('Mul', [times(rows, emit.node('Transpose', [rows], { perm: [1, 0] })), share])]
    }
    const images = emit.node('Reshape', [x!, emit.ints([n, c, h * w])])
    const products = times(images, emit.node('Transpose', [images], { perm: [0, 2, 1] }))
    return [emit.node('Mul', [emit.node('ReduceSum', [products, emit.ints([0])], { keepdims: 0 }), share])]
  },
  tensorflow(tf, [x], _, { inputs: [xType] }) {
    const [n, c, h, w] = xType!.shape as [number, number, number, number]
    const rows = tf.reshape(tf.transpose(x!, [1, 0, 2, 3]), [c, n * h * w])
    return [tf.div(tf.matMul(rows, rows, false, true), n * h * w)]
  },
}

/** The mean of x xᵀ over images and positions: [N,C,H,W] to [C,C]. */
export const secondMoment = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
