import type { NamedAttrMap, Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorFlow, TensorFlowTensor } from '../op.ts'
import type { Window } from '../pooling.ts'

/** NHWC, padded: outside its CPU backend TensorFlow.js has no padding by side. */
function prepare(tf: TensorFlow, x: TensorFlowTensor, [top, left, bottom, right]: Window['padding']) {
  const sides: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
  return tf.pad(tf.transpose(x, [0, 2, 3, 1]), sides, -Infinity) as Tensor4D
}

const channelsFirst = (tf: TensorFlow, x: TensorFlowTensor) => tf.transpose(x, [0, 3, 1, 2])

/** x [N,C,H,W] to [N,C,H',W'] */
export function maxPool2d(tf: TensorFlow, x: TensorFlowTensor, window: Window): TensorFlowTensor {
  const { kernel, stride, padding } = window
  return channelsFirst(tf, tf.maxPool(prepare(tf, x, padding), [...kernel], [...stride], 'valid'))
}

/** dy [N,C,H',W'], x [N,C,H,W] to [N,C,H,W] */
export function maxPool2dGradient(
  tf: TensorFlow,
  dy: TensorFlowTensor,
  x: TensorFlowTensor,
  { kernel, stride, padding }: Window,
): TensorFlowTensor {
  const input = prepare(tf, x, padding)
  const output = tf.maxPool(input, [...kernel], [...stride], 'valid')
  // TensorFlow.js exports the name of this kernel, but no function for it.
  const padded = tf
    .engine()
    .runKernel<Tensor4D>(tf.MaxPoolGrad, { dy: tf.transpose(dy, [0, 2, 3, 1]), input, output }, {
      filterSize: [...kernel],
      strides: [...stride],
      pad: 'valid',
    } satisfies NamedAttrMap)
  const [n, c, height, width] = x.shape as [number, number, number, number]
  return channelsFirst(tf, tf.slice4d(padded, [0, padding[0], padding[1], 0], [n, height, width, c]))
}
