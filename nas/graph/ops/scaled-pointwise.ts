import { sameShape, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import { same } from '../convolution.ts'
import type { Value } from '../graph.ts'
import { clip } from '../onnx/clip.ts'
import { convolve } from '../onnx/convolve.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { channelProductOf } from './channel-product.ts'
import { conv2dFilterGradient } from './conv2d-filter-gradient.ts'
import { conv2dInputGradient } from './conv2d-input-gradient.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { reduceSum } from './reduce-sum.ts'
import { reluGradient } from './relu-gradient.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'

const convolution = same([1, 1])

const op: Op<{ readonly cap: number }> = {
  name: 'scaled-pointwise',
  infer([x, weight, scale, shift]) {
    const [k, c, ...kernel] = weight!.shape
    const fits = x!.shape[1] === c && sameShape(kernel, [1, 1])
    if (x!.shape.length !== 4 || !fits || [scale, shift].some((each) => !sameShape(each!.shape, [k!])))
      throw new ShapeMismatch('needs [N,C,H,W], [K,C,1,1], [K] and [K]')
    return [{ dtype: 'float32', shape: [x!.shape[0]!, k!, ...x!.shape.slice(2)] }]
  },
  multiplyAdds: ({ inputs: [x, weight] }) => sizeOf(x!.shape) * weight!.shape[0]!,
  gradient({ graph, attributes: { cap }, inputs, outputs: [y], gradients, needed }) {
    const [x, weight, scale, shift] = inputs as [Value, Value, Value, Value]
    const [k, c] = weight.type.shape as [number, number]
    const dy = reluGradient(graph, gradients[0]!, y!, cap)
    const byChannel = reshape(graph, scale, [k, 1, 1, 1])
    const dShift = reshape(graph, reduceSum(graph, dy, [0, 2, 3]), [k])
    const ofFilter = needed[1]
      ? conv2dFilterGradient(graph, x, dy, weight.type.shape, convolution)
      : undefined
    // Where dy is not zero, y is not clipped: Σ dy·(W x) = Σ dy·(y - shift) / scale.
    const dScale = () =>
      ofFilter === undefined
        ? div(graph, sub(graph, channelProductOf(graph, dy, y!), mul(graph, shift, dShift)), scale)
        : reshape(graph, reduceSum(graph, reshape(graph, mul(graph, ofFilter, weight), [k, c]), [1]), [k])
    return [
      needed[0]
        ? conv2dInputGradient(graph, dy, mul(graph, weight, byChannel), x.type.shape, convolution)
        : undefined,
      ofFilter && mul(graph, ofFilter, byChannel),
      needed[2] ? dScale() : undefined,
      dShift,
    ]
  },
  onnx(emit, [x, weight, scale, shift], { cap }, types) {
    const [k] = types.inputs[1]!.shape
    const byChannel = emit.node('Reshape', [scale!, emit.ints([k!, 1, 1, 1])])
    const filter = emit.node('Mul', [weight!, byChannel])
    return [clip(emit, convolve(emit, [x!, filter, shift!], convolution, types), cap)]
  },
  tensorflow(tf, [x, weight, scale, shift], { cap }, { inputs: [xType] }) {
    const [n, c, h, w] = xType!.shape as [number, number, number, number]
    const k = weight!.shape[0]!
    const filter = tf.mul(tf.reshape(weight!, [k, c]), tf.reshape(scale!, [k, 1]))
    const columns = tf.reshape(tf.transpose(x!, [1, 0, 2, 3]), [c, n * h * w])
    const product = tf.add(tf.matMul(filter, columns), tf.reshape(shift!, [k, 1]))
    return [tf.transpose(tf.reshape(tf.clipByValue(product, 0, cap), [k, n, h, w]), [1, 0, 2, 3])]
  },
}

/**
 * min(max(scale · (W x) + shift, 0), cap): a 1x1 convolution, a normalisation as scale and shift by channel, and the
 * activation, in one pass over memory. The scale must not be zero where it needs a gradient and W does not.
 * @param x [N,C,H,W]; @param weight [K,C,1,1]; scale and shift are [K]; @returns [N,K,H,W]
 */
export const scaledPointwise = (
  graph: GraphBuilder,
  x: Value,
  weight: Value,
  scale: Value,
  shift: Value,
  { cap }: { readonly cap: number },
): Value => graph.add(op, [x, weight, scale, shift], { cap })[0]!
