import { broadcastShape } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { elementTypes } from '../onnx/schema.ts'
import { type Op, ShapeMismatch } from '../op.ts'

const op: Op<{ readonly oneIn: number }> = {
  name: 'dropout',
  infer([x, channelNoise, positionNoise], { oneIn }) {
    if (!Number.isInteger(oneIn) || oneIn < 2)
      throw new ShapeMismatch(`drops one in ${oneIn}: not an integer above 1`)
    if (channelNoise!.dtype !== 'int32' || positionNoise!.dtype !== 'int32')
      throw new ShapeMismatch('both noises must be int32')
    if (broadcastShape(channelNoise!.shape, positionNoise!.shape).join() !== x!.shape.join())
      throw new ShapeMismatch('needs [N,C,H,W], [N,C,1,1] and [N,1,H,W]')
    return [x!]
  },
  gradient: ({ graph, attributes, inputs: [, channelNoise, positionNoise], gradients: [dy] }) => [
    dropout(graph, dy!, channelNoise!, positionNoise!, attributes),
  ],
  /**
   * Whether the noises differ, for all channels and positions at once, is a product of two thin matrices of zeros and
   * ones, which walks memory once where comparison, selection and scaling walk it three times.
   */
  onnx(emit, [x, channelNoise, positionNoise], { oneIn }, { inputs: [type] }) {
    const [n, c, h, w] = type!.shape as [number, number, number, number]
    const number = (value: string) => emit.node('Cast', [value], { to: elementTypes.float32 })
    const values = (shape: readonly number[]) =>
      emit.int32s(
        shape,
        Int32Array.from({ length: oneIn }, (_, i) => i),
      )
    const ofChannel = emit.node('Reshape', [channelNoise!, emit.ints([n, c, 1])])
    const ofPosition = emit.node('Reshape', [positionNoise!, emit.ints([n, 1, h * w])])
    const misses = number(emit.node('Not', [emit.node('Equal', [ofChannel, values([1, 1, oneIn])])]))
    const hits = number(emit.node('Equal', [ofPosition, values([1, oneIn, 1])]))
    const scaled = emit.node('Mul', [misses, emit.float(keptScale(oneIn))])
    const mask = emit.node('Reshape', [emit.node('MatMul', [scaled, hits]), emit.ints([n, c, h, w])])
    return [emit.node('Mul', [x!, mask])]
  },
  tensorflow(tf, [x, channelNoise, positionNoise], { oneIn }) {
    const kept = tf.cast(tf.notEqual(channelNoise!, positionNoise!), 'float32')
    return [tf.mul(x!, tf.mul(kept, keptScale(oneIn)))]
  },
}

const keptScale = (oneIn: number): number => oneIn / (oneIn - 1)

/**
 * Dropout (Srivastava et al. 2014) that drops one element in `oneIn` and scales the others by oneIn / (oneIn - 1).
 *
 * An element at channel c and position p is dropped where channelNoise[c] = positionNoise[p], both drawn uniformly from
 * the integers 0 … oneIn-1. That happens with probability 1/oneIn, and independently for any two elements, those that
 * share a channel or a position included: given the noise they share, each hits it by a draw of its own. (Only from
 * three elements on is there dependence: three dropped corners of a channel-by-position rectangle drop the fourth.) So
 * C + H·W random numbers an image do the work of C·H·W, at the price of a product an element, and
 * they come in as inputs: a resumed run drops what the unbroken one would have dropped.
 * @param x [N,C,H,W]; @param channelNoise int32 [N,C,1,1]; @param positionNoise int32 [N,1,H,W]
 */
export const dropout = (
  graph: GraphBuilder,
  x: Value,
  channelNoise: Value,
  positionNoise: Value,
  { oneIn }: { readonly oneIn: number },
): Value => graph.add(op, [x, channelNoise, positionNoise], { oneIn })[0]!
