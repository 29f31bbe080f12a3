import type { NamedAttrMap, Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorFlow } from '../op.ts'

type Pair = [height: number, width: number]

/** A convolution that every backend of TensorFlow.js has: maps [N,H,W,C], a stride, no padding, no dilation. */
export interface Plain {
  readonly stride: Pair
  readonly groups: number
}

const readsOneChannel = ([, perGroup]: readonly number[], groups: number) => groups > 1 && perGroup === 1

/** [K,C,h,w] to [h,w,C,K], TensorFlow's order, and back. */
const toFilter = (tf: TensorFlow, filter: Tensor4D) => tf.transpose(filter, [2, 3, 1, 0])
const fromFilter = (tf: TensorFlow, filter: Tensor4D) => tf.transpose(filter, [3, 2, 0, 1])

/** [C·m,1,h,w] to [h,w,C,m], TensorFlow's order for m filters a channel, and back. */
const toDepthwise = (tf: TensorFlow, filter: Tensor4D, groups: number): Tensor4D => {
  const [k, , h, w] = filter.shape
  return tf.transpose(tf.reshape(filter, [groups, k / groups, h, w]), [2, 3, 0, 1])
}
const fromDepthwise = (tf: TensorFlow, filter: Tensor4D, shape: readonly number[]): Tensor4D =>
  tf.reshape(tf.transpose(filter, [2, 3, 0, 1]), shape as [number, number, number, number])

/** TensorFlow.js has depthwise convolutions, but no other groups: operands are split along an axis each, results joined along a third. */
function eachGroup(
  tf: TensorFlow,
  groups: number,
  [a, axisA]: readonly [Tensor4D, number],
  [b, axisB]: readonly [Tensor4D, number],
  joined: number,
  compute: (a: Tensor4D, b: Tensor4D) => Tensor4D,
): Tensor4D {
  if (groups === 1) return compute(a, b)
  const others = tf.split<Tensor4D>(b, groups, axisB)
  return tf.concat4d(
    tf.split<Tensor4D>(a, groups, axisA).map((part, i) => compute(part, others[i]!)),
    joined,
  )
}

/** x [N,H,W,C], filter [K,C/groups,h,w] to [N,H',W',K] */
export const plainConvolution = (
  tf: TensorFlow,
  x: Tensor4D,
  filter: Tensor4D,
  { stride, groups }: Plain,
): Tensor4D =>
  readsOneChannel(filter.shape, groups)
    ? tf.depthwiseConv2d(x, toDepthwise(tf, filter, groups), stride, 'valid')
    : eachGroup(tf, groups, [x, 3], [filter, 0], 3, (x, filter) =>
        tf.conv2d(x, toFilter(tf, filter), stride, 'valid'),
      )

// TensorFlow.js exports the names of these kernels, but functions for few of them.
const gradientKernel = (tf: TensorFlow, name: string, inputs: Record<string, Tensor4D>, attributes: object) =>
  tf.engine().runKernel<Tensor4D>(name, inputs, {
    pad: 'valid',
    dataFormat: 'NHWC',
    dilations: [1, 1],
    ...attributes,
  } as NamedAttrMap)

/** dy [N,H',W',K], filter [K,C/groups,h,w] to [N,H,W,C] */
export function plainInputGradient(
  tf: TensorFlow,
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: readonly number[],
  { stride, groups }: Plain,
): Tensor4D {
  if (readsOneChannel(filter.shape, groups))
    return gradientKernel(
      tf,
      tf.DepthwiseConv2dNativeBackpropInput,
      { dy, filter: toDepthwise(tf, filter, groups) },
      { strides: stride, inputShape },
    )
  const perGroup = inputShape.with(3, inputShape[3]! / groups)
  return eachGroup(tf, groups, [dy, 3], [filter, 0], 3, (dy, filter) =>
    gradientKernel(
      tf,
      tf.Conv2DBackpropInput,
      { dy, filter: toFilter(tf, filter) },
      { strides: stride, inputShape: perGroup },
    ),
  )
}

/** x [N,H,W,C], dy [N,H',W',K] to [K,C/groups,h,w] */
export function plainFilterGradient(
  tf: TensorFlow,
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: readonly number[],
  { stride, groups }: Plain,
): Tensor4D {
  const [k, perGroup, h, w] = filterShape as [number, number, number, number]
  if (readsOneChannel(filterShape, groups)) {
    const shape = [h, w, groups, k / groups]
    const gradient = gradientKernel(
      tf,
      tf.DepthwiseConv2dNativeBackpropFilter,
      { x, dy },
      { strides: stride, filterShape: shape },
    )
    return fromDepthwise(tf, gradient, filterShape)
  }
  const shape = [h, w, perGroup, k / groups]
  return eachGroup(tf, groups, [x, 3], [dy, 3], 0, (x, dy) =>
    fromFilter(
      tf,
      gradientKernel(tf, tf.Conv2DBackpropFilter, { x, dy }, { strides: stride, filterShape: shape }),
    ),
  )
}
