import type { Tensor4D } from '@tensorflow/tfjs-core'
import { type Convolution, outputSize } from '../convolution.ts'
import type { TensorFlow, TensorFlowTensor } from '../op.ts'
import { type Plain, plainConvolution, plainFilterGradient, plainInputGradient } from './plain-convolution.ts'

/*
 * TensorFlow.js refuses stride together with dilation, has no gradient of a dilated convolution, and outside its CPU
 * backend pads only as 'same' or 'valid' do. Every convolution therefore comes down to a plain one:
 *
 * - Padding, and dilation by d: the padded map is cut into d x d maps of every d-th position (space to batch), which are
 *   convolved plainly, and the results are put together again (batch to space).
 * - Dilation with stride s: as with stride 1, and then every s-th position is kept.
 *
 * A gradient goes the same way by the adjoint of every step.
 */

type Pair = [height: number, width: number]

interface Reduction extends Plain {
  /** Dilation: positions of one block go to as many maps. */
  readonly block: Pair
  /** By axis, before and after: the convolution's padding and what fills the last block. */
  readonly padding: Pair[]
  /** By axis, nothing before, and after what fills the last block. */
  readonly filling: Pair[]
  /** The stride that is taken only after the plain convolution. */
  readonly keep: Pair
  /** Height and width before that. */
  readonly dense: readonly [height: number, width: number]
}

function reduce(
  inputShape: readonly number[],
  filterShape: readonly number[],
  convolution: Convolution,
): Reduction {
  const { stride, dilation, padding, groups } = convolution
  const dilated = dilation.some((d) => d > 1)
  const plainStride: Pair = dilated ? [1, 1] : [...stride]
  const filling = ([0, 1] as const).map((axis): Pair => {
    const length = inputShape[2 + axis]! + padding[axis] + padding[2 + axis]!
    return [0, Math.ceil(length / dilation[axis]) * dilation[axis] - length]
  })
  return {
    stride: plainStride,
    groups,
    block: [...dilation],
    padding: filling.map(([, fill], axis) => [padding[axis]!, padding[2 + axis]! + fill]),
    filling,
    keep: dilated ? [...stride] : [1, 1],
    dense: outputSize(inputShape, [filterShape[2]!, filterShape[3]!], {
      ...convolution,
      stride: plainStride,
    }),
  }
}

const channelsLast = (tf: TensorFlow, x: TensorFlowTensor) => tf.transpose(x, [0, 2, 3, 1]) as Tensor4D
const channelsFirst = (tf: TensorFlow, x: TensorFlowTensor) => tf.transpose(x, [0, 3, 1, 2])

/** Every n-th position, by axis. */
const thin = (tf: TensorFlow, y: Tensor4D, [down, across]: Pair): Tensor4D =>
  down * across === 1 ? y : (tf.stridedSlice(y, [0, 0, 0, 0], y.shape, [1, down, across, 1]) as Tensor4D)

/** The adjoint of `thin`: zeros where nothing was kept. */
function spread(tf: TensorFlow, dy: Tensor4D, { keep: [down, across], dense }: Reduction): Tensor4D {
  if (down * across === 1) return dy
  const [n, h, w, k] = dy.shape
  const between: Pair[] = [
    [0, 0],
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, across - 1],
    [0, 0],
  ]
  const apart = tf.pad(tf.reshape(dy, [n, h, 1, w, 1, k]), between)
  return tf.slice4d(tf.reshape(apart, [n, h * down, w * across, k]), [0, 0, 0, 0], [n, ...dense, k])
}

/** x [N,C,H,W], filter [K,C/groups,h,w] to [N,K,H',W'] */
export function convolution2d(
  tf: TensorFlow,
  x: TensorFlowTensor,
  filter: TensorFlowTensor,
  convolution: Convolution,
): TensorFlowTensor {
  const r = reduce(x.shape, filter.shape, convolution)
  const cut = tf.spaceToBatchND(channelsLast(tf, x), r.block, r.padding)
  const y = plainConvolution(tf, cut, filter as Tensor4D, r)
  const dense = tf.batchToSpaceND(y, r.block, r.filling)
  return channelsFirst(tf, thin(tf, dense, r.keep))
}

/** dy [N,K,H',W'], filter [K,C/groups,h,w] to [N,C,H,W] */
export function convolution2dInputGradient(
  tf: TensorFlow,
  dy: TensorFlowTensor,
  filter: TensorFlowTensor,
  inputShape: readonly number[],
  convolution: Convolution,
): TensorFlowTensor {
  const r = reduce(inputShape, filter.shape, convolution)
  const cut = tf.spaceToBatchND(spread(tf, channelsLast(tf, dy), r), r.block, r.filling)
  const [n, c, h, w] = inputShape as [number, number, number, number]
  const [cutHeight, cutWidth] = ([h, w] as const).map(
    (length, axis) => (length + r.padding[axis]![0] + r.padding[axis]![1]) / r.block[axis]!,
  )
  const cutShape = [n * r.block[0] * r.block[1], cutHeight!, cutWidth!, c]
  const dx = plainInputGradient(tf, cut, filter as Tensor4D, cutShape, r)
  return channelsFirst(tf, tf.batchToSpaceND(dx, r.block, r.padding))
}

/** x [N,C,H,W], dy [N,K,H',W'] to [K,C/groups,h,w] */
export function convolution2dFilterGradient(
  tf: TensorFlow,
  x: TensorFlowTensor,
  dy: TensorFlowTensor,
  filterShape: readonly number[],
  convolution: Convolution,
): TensorFlowTensor {
  const r = reduce(x.shape, filterShape, convolution)
  const cut = tf.spaceToBatchND(channelsLast(tf, x), r.block, r.padding)
  const cutGradient = tf.spaceToBatchND(spread(tf, channelsLast(tf, dy), r), r.block, r.filling)
  return plainFilterGradient(tf, cut, cutGradient, filterShape, r)
}
