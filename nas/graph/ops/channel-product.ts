import { sameShape, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { channelProduct } from '../normalisation.ts'
import { type Op, ShapeMismatch } from '../op.ts'

const op: Op<null> = {
  name: 'channel-product',
  infer([a, b]) {
    if (a!.shape.length !== 4 || !sameShape(a!.shape, b!.shape))
      throw new ShapeMismatch('needs two maps [N,C,H,W]')
    return [{ dtype: 'float32', shape: [a!.shape[1]!] }]
  },
  onnx(emit, [a, b], _, { inputs: [type], outputs: [y] }) {
    const count = emit.float(sizeOf(type!.shape) / sizeOf(y!.shape))
    return [emit.node('Mul', [channelProduct(emit, a!, b!, type!.shape), count])]
  },
  tensorflow: (tf, [a, b]) => [tf.sum(tf.mul(a!, b!), [0, 2, 3])],
}

/** The sum of a · b over images and positions, for maps [N,C,H,W]: [C]. Part of gradients; not differentiable itself. */
export const channelProductOf = (graph: GraphBuilder, a: Value, b: Value): Value =>
  graph.add(op, [a, b], null)[0]!
