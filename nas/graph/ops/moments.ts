import { float32, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import { same } from '../convolution.ts'
import type { Value } from '../graph.ts'
import { channelMean } from '../normalisation.ts'
import type { OnnxEmitter } from '../onnx/emitter.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { add } from './add.ts'
import { biasedConv2d } from './biased-conv2d.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

const op: Op<null> = {
  name: 'moments',
  infer([x]) {
    const c = x!.shape[1]!
    if (x!.shape.length !== 4) throw new ShapeMismatch('needs [N,C,H,W]')
    return [
      { dtype: 'float32', shape: [c] },
      { dtype: 'float32', shape: [c, c] },
    ]
  },
  multiplyAdds: ({ inputs: [x] }) => sizeOf(x!.shape) * x!.shape[1]!,
  gradient({ graph, inputs: [x], outputs, gradients }) {
    const [ofMean, ofSecondMoment] = outputs.map(
      ({ type: { shape } }, i) =>
        gradients[i] ?? graph.constant(float32(shape, new Float32Array(sizeOf(shape)))),
    )
    return [momentsGradient(graph, x!, ofMean!, ofSecondMoment!)]
  },
  onnx: (emit, [x], _, { inputs: [type] }) => [
    channelMean(emit, x!, type!.shape),
    secondMoment(emit, x!, type!.shape),
  ],
  tensorflow(tf, [x], _, { inputs: [xType] }) {
    const [n, c, h, w] = xType!.shape as [number, number, number, number]
    const rows = tf.reshape(tf.transpose(x!, [1, 0, 2, 3]), [c, n * h * w])
    return [tf.mean(rows, 1), tf.div(tf.matMul(rows, rows, false, true), n * h * w)]
  },
}

function secondMoment(emit: OnnxEmitter, x: string, shape: readonly number[]): string {
  const [n, c, h, w] = shape as [number, number, number, number]
  const share = emit.float(1 / (n * h * w))
  const times = (a: string, b: string) => emit.node('MatMul', [a, b])
  const images = emit.node('Reshape', [x, emit.ints([n, c, h * w])])
  if (c > h * w) {
    const moved = emit.node('Transpose', [images], { perm: [1, 0, 2] })
    const rows = emit.node('Reshape', [moved, emit.ints([c, n * h * w])])
    return emit.node('Mul', [times(rows, emit.node('Transpose', [rows], { perm: [1, 0] })), share])
  }
  const products = times(images, emit.node('Transpose', [images], { perm: [0, 2, 1] }))
  return emit.node('Mul', [emit.node('ReduceSum', [products, emit.ints([0])], { keepdims: 0 }), share])
}

/**
 * d / dx (g·E[x] + Σ G ∘ E[x xᵀ]) = (g + (G + Gᵀ) x) / number of positions: a 1x1 convolution with bias.
 * @param ofMean g [C]; @param ofSecondMoment G [C,C]; @returns [N,C,H,W]
 */
export function momentsGradient(graph: GraphBuilder, x: Value, ofMean: Value, ofSecondMoment: Value): Value {
  const c = x.type.shape[1]!
  const share = graph.scalar(c / sizeOf(x.type.shape))
  const both = add(graph, ofSecondMoment, transpose(graph, ofSecondMoment, [1, 0]))
  const filter = reshape(graph, mul(graph, both, share), [c, c, 1, 1])
  return biasedConv2d(graph, x, filter, mul(graph, ofMean, share), same([1, 1]))
}

export interface Moments {
  /** E[x], [C]. */
  readonly mean: Value
  /** The uncentred second moment E[x xᵀ], [C,C]. */
  readonly secondMoment: Value
}

/**
 * Mean and uncentred second moment of the channels x of a map [N,C,H,W], over images and positions. One matrix product for all
 * images transposes the map first; a product by image leaves as many results to sum. On small maps the former moves less memory.
 */
export function moments(graph: GraphBuilder, x: Value): Moments {
  const [mean, secondMoment] = graph.add(op, [x], null)
  return { mean: mean!, secondMoment: secondMoment! }
}
