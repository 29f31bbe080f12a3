import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { interpolation } from '../interpolation.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { separableGradient } from '../separable.ts'

interface Attributes {
  readonly size: readonly [height: number, width: number]
  readonly alignCorners: boolean
}

const op: Op<Attributes> = {
  name: 'resize-bilinear',
  infer([x], { size }) {
    if (x!.shape.length !== 4 || !size.every((length) => Number.isInteger(length) && length > 0))
      throw new ShapeMismatch(`needs [N,C,H,W] and a size of at least one position, got [${size}]`)
    return [{ dtype: 'float32', shape: [x!.shape[0]!, x!.shape[1]!, ...size] }]
  },
  gradient: ({ graph, attributes: { size, alignCorners }, inputs: [x], gradients: [dy] }) => [
    separableGradient(graph, dy!, interpolation(x!.type.shape, size, alignCorners)),
  ],
  onnx: (emit, [x], { alignCorners }, { outputs: [y] }) => [
    emit.node('Resize', [x!, '', '', emit.ints(y!.shape)], {
      mode: 'linear',
      coordinate_transformation_mode: alignCorners ? 'align_corners' : 'half_pixel',
    }),
  ],
  tensorflow(tf, [x], { size, alignCorners }) {
    const image = tf.transpose(x!, [0, 2, 3, 1]) as Tensor4D
    const resized = tf.image.resizeBilinear(image, [...size], alignCorners, !alignCorners)
    return [tf.transpose(resized, [0, 3, 1, 2])]
  },
}

/**
 * Bilinear interpolation to another height and width, without antialiasing.
 * @param alignCorners as in PyTorch; DeepLab aligns corners.
 * @param x [N,C,H,W]; @returns [N,C,h,w]
 */
export const resizeBilinear = (
  graph: GraphBuilder,
  x: Value,
  size: readonly [height: number, width: number],
  { alignCorners }: { readonly alignCorners: boolean },
): Value => graph.add(op, [x], { size, alignCorners })[0]!
