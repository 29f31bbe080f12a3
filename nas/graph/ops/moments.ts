import { float32, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import { same } from '../convolution.ts'
import type { Value } from '../graph.ts'
import { alongChannels, channelMean } from '../normalisation.ts'
import { meanOuterProduct } from '../onnx/mean-outer-product.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { add } from './add.ts'
import { biasedConv2d } from './biased-conv2d.ts'
import { matmul, swapLast } from './matmul.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'
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
    const [ofMean, ofCovariance] = outputs.map(
      ({ type: { shape } }, i) =>
        gradients[i] ?? graph.constant(float32(shape, new Float32Array(sizeOf(shape)))),
    )
    return [momentsGradient(graph, x!, outputs[0]!, ofMean!, ofCovariance!)]
  },
  // In two passes: the difference of E[x xᵀ] and m mᵀ would lose what both have in common.
  onnx(emit, [x], _, { inputs: [type] }) {
    const { shape } = type!
    const mean = channelMean(emit, x!, shape)
    const centred = emit.node('Sub', [x!, alongChannels(emit, mean, shape)])
    const product = (a: string, rank: number) =>
      emit.node('MatMul', [a, emit.node('Transpose', [a], { perm: swapLast(rank) })])
    return [mean, meanOuterProduct(emit, centred, shape, product)]
  },
  tensorflow(tf, [x], _, { inputs: [xType] }) {
    const [n, c, h, w] = xType!.shape as [number, number, number, number]
    const rows = tf.reshape(tf.transpose(x!, [1, 0, 2, 3]), [c, n * h * w])
    const mean = tf.mean(rows, 1, true)
    const centred = tf.sub(rows, mean)
    return [tf.reshape(mean, [c]), tf.div(tf.matMul(centred, centred, false, true), n * h * w)]
  },
}

/**
 * d / dx (g·m + Σ G ∘ C) = (g + (G + Gᵀ)(x - m)) / number of positions: a 1x1 convolution with bias.
 * @param mean m [C]; @param ofMean g [C]; @param ofCovariance G [C,C]; @returns [N,C,H,W]
 */
export function momentsGradient(
  graph: GraphBuilder,
  x: Value,
  mean: Value,
  ofMean: Value,
  ofCovariance: Value,
): Value {
  const c = x.type.shape[1]!
  const share = graph.scalar(c / sizeOf(x.type.shape))
  const both = add(graph, ofCovariance, transpose(graph, ofCovariance, [1, 0]))
  const filter = reshape(graph, mul(graph, both, share), [c, c, 1, 1])
  const atMean = (transposed: boolean) => {
    const column = reshape(graph, mean, [c, 1])
    return reshape(graph, matmul(graph, ofCovariance, column, { a: transposed, b: false }), [c])
  }
  const atZero = sub(graph, sub(graph, ofMean, atMean(false)), atMean(true))
  return biasedConv2d(graph, x, filter, mul(graph, atZero, share), same([1, 1]))
}

export interface Moments {
  /** m = E[x], [C]. */
  readonly mean: Value
  /** C = E[(x - m)(x - m)ᵀ], [C,C]. */
  readonly covariance: Value
}

/** Mean and covariance of the channels x of a map [N,C,H,W], over images and positions. */
export function moments(graph: GraphBuilder, x: Value): Moments {
  const [mean, covariance] = graph.add(op, [x], null)
  return { mean: mean!, covariance: covariance! }
}
