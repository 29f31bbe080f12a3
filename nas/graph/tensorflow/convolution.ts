import type { Tensor4D } from '@tensorflow/tfjs-core'
import { type Convolution, outputSize } from '../convolution.ts'
import type { TensorFlow, TensorFlowTensor } from '../op.ts'
import { type Plain, plainConvolution, plainFilterGradient, plainInputGradient } from './plain-convolution.ts'

/*
 * TensorFlow.js has no stride together with dilation, no gradient of a dilated convolution, and outside its CPU backend no
 * padding but 'same' and 'valid'. Every convolution is therefore reduced to a plain one:
 *
 * - Padding, and dilation by d: space to batch splits the padded map into d x d maps of every d-th position, which are
 *   convolved plainly; batch to space joins the results.
 * - Dilation with stride s: a convolution of stride 1, then subsampling of every s-th position.
 *
 * A gradient applies the adjoint of every step, in reverse order.
 */

type Pair = [height: number, width: number]

interface Reduction extends Plain {
  /** The dilation: space to batch splits a block of positions into as many maps. */
  readonly block: Pair
  /** By axis, before and after: the convolution's padding, and that of the last block. */
  readonly padding: Pair[]
  /** By axis, zero before, and after the padding of the last block. */
  readonly blockPadding: Pair[]
  /** The stride of the subsampling after the plain convolution. */
  readonly subsampling: Pair
  /** Height and width before the subsampling. */
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
  const blockPadding = ([0, 1] as const).map((axis): Pair => {
    const length = inputShape[2 + axis]! + padding[axis] + padding[2 + axis]!
    return [0, Math.ceil(length / dilation[axis]) * dilation[axis] - length]
  })
  return {
    stride: plainStride,
    groups,
    block: [...dilation],
    padding: blockPadding.map(([, fill], axis) => [padding[axis]!, padding[2 + axis]! + fill]),
    blockPadding,
    subsampling: dilated ? [...stride] : [1, 1],
    dense: outputSize(inputShape, [filterShape[2]!, filterShape[3]!], {
      ...convolution,
      stride: plainStride,
    }),
  }
}

const channelsLast = (tf: TensorFlow, x: TensorFlowTensor) => tf.transpose(x, [0, 2, 3, 1]) as Tensor4D
const channelsFirst = (tf: TensorFlow, x: TensorFlowTensor) => tf.transpose(x, [0, 3, 1, 2])

/** Every n-th position, by axis. */
const subsample = (tf: TensorFlow, y: Tensor4D, [down, across]: Pair): Tensor4D =>
  down * across === 1 ? y : (tf.stridedSlice(y, [0, 0, 0, 0], y.shape, [1, down, across, 1]) as Tensor4D)

/** The adjoint of `subsample`: zeros at all other positions. */
function upsample(tf: TensorFlow, dy: Tensor4D, { subsampling: [down, across], dense }: Reduction): Tensor4D {
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
  const split = tf.spaceToBatchND(channelsLast(tf, x), r.block, r.padding)
  const y = plainConvolution(tf, split, filter as Tensor4D, r)
  const dense = tf.batchToSpaceND(y, r.block, r.blockPadding)
  return channelsFirst(tf, subsample(tf, dense, r.subsampling))
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
  const split = tf.spaceToBatchND(upsample(tf, channelsLast(tf, dy), r), r.block, r.blockPadding)
  const [n, c, h, w] = inputShape as [number, number, number, number]
  const [splitHeight, splitWidth] = ([h, w] as const).map(
    (length, axis) => (length + r.padding[axis]![0] + r.padding[axis]![1]) / r.block[axis]!,
  )
  const splitShape = [n * r.block[0] * r.block[1], splitHeight!, splitWidth!, c]
  const dx = plainInputGradient(tf, split, filter as Tensor4D, splitShape, r)
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
  const split = tf.spaceToBatchND(channelsLast(tf, x), r.block, r.padding)
  const splitGradient = tf.spaceToBatchND(upsample(tf, channelsLast(tf, dy), r), r.block, r.blockPadding)
  return plainFilterGradient(tf, split, splitGradient, filterShape, r)
}
