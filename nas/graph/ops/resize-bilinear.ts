import type { Tensor4D } from '@tensorflow/tfjs-core'
import { sameShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { interpolation } from '../interpolation.ts'
import { resizedLike } from '../onnx/dynamic-size.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { separableGradient } from '../separable.ts'

type Pair = readonly [height: number, width: number]

interface Attributes {
  readonly size: Pair
  readonly alignCorners: boolean
}

const op: Op<Attributes> = {
  name: 'resize-bilinear',
  infer([x, like], { size }) {
    if (like !== undefined && !sameShape(like.shape.slice(2), size))
      throw new ShapeMismatch(`is not resized to [${size}]`)
    if (x!.shape.length !== 4 || !size.every((length) => Number.isInteger(length) && length > 0))
      throw new ShapeMismatch(`needs [N,C,H,W] and a size of at least one position, got [${size}]`)
    return [{ dtype: 'float32', shape: [x!.shape[0]!, x!.shape[1]!, ...size] }]
  },
  gradient: ({ graph, attributes: { size, alignCorners }, inputs: [x], gradients: [dy] }) => [
    separableGradient(graph, dy!, interpolation(x!.type.shape, size, alignCorners)),
  ],
  onnx(emit, [x, like], { alignCorners }, { outputs: [y] }) {
    const shape = emit.dynamic && like !== undefined ? resizedLike(emit, x!, like) : emit.ints(y!.shape)
    return [
      emit.node('Resize', [x!, '', '', shape], {
        mode: 'linear',
        coordinate_transformation_mode: alignCorners ? 'align_corners' : 'half_pixel',
      }),
    ]
  },
  tensorflow(tf, [x], { size, alignCorners }) {
    const image = tf.transpose(x!, [0, 2, 3, 1]) as Tensor4D
    const resized = tf.image.resizeBilinear(image, [...size], alignCorners, !alignCorners)
    return [tf.transpose(resized, [0, 3, 1, 2])]
  },
}

/**
 * Bilinear interpolation to another height and width, without antialiasing.
 * @param to h and w, or a map [.,.,h,w] that has them: a model of dynamic size then follows that map.
 * @param alignCorners as in PyTorch; DeepLab aligns corners.
 * @param x [N,C,H,W]; @returns [N,C,h,w]
 */
export const resizeBilinear = (
  graph: GraphBuilder,
  x: Value,
  to: Pair | Value,
  { alignCorners }: { readonly alignCorners: boolean },
): Value => {
  if (!('type' in to)) return graph.add(op, [x], { size: to, alignCorners })[0]!
  const [, , height, width] = to.type.shape as [number, number, number, number]
  return graph.add(op, [x, to], { size: [height, width], alignCorners })[0]!
}
