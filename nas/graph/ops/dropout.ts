import { sameShape } from '../../tensor.ts'
import { broadcastShape } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'

const op: Op<{ readonly oneIn: number }> = {
  name: 'dropout',
  infer([x, channelNoise, positionNoise], { oneIn }) {
    if (!Number.isInteger(oneIn) || oneIn < 2)
      throw new ShapeMismatch(`drops one in ${oneIn}: not an integer above 1`)
    if (channelNoise!.dtype !== 'int32' || positionNoise!.dtype !== 'int32')
      throw new ShapeMismatch('both noises must be int32')
    if (!sameShape(broadcastShape(channelNoise!.shape, positionNoise!.shape), x!.shape))
      throw new ShapeMismatch('needs [N,C,H,W], [N,C,1,1] and [N,1,H,W]')
    return [x!]
  },
  gradient: ({ graph, attributes, inputs: [, channelNoise, positionNoise], gradients: [dy] }) => [
    dropout(graph, dy!, channelNoise!, positionNoise!, attributes),
  ],
  onnx(emit, [x, channelNoise, positionNoise], { oneIn }) {
    const dropped = emit.node('Equal', [channelNoise!, positionNoise!])
    const scaled = emit.node('Mul', [x!, emit.float(survivorScale(oneIn))])
    return [emit.node('Where', [dropped, emit.float(0), scaled])]
  },
  tensorflow(tf, [x, channelNoise, positionNoise], { oneIn }) {
    const mask = tf.cast(tf.notEqual(channelNoise!, positionNoise!), 'float32')
    return [tf.mul(x!, tf.mul(mask, survivorScale(oneIn)))]
  },
}

const survivorScale = (oneIn: number): number => oneIn / (oneIn - 1)

/**
 * Dropout (Srivastava et al. 2014) that drops one element in `oneIn` and scales the others by oneIn / (oneIn - 1).
 *
 * An element at channel c and position p is dropped where channelNoise[c] = positionNoise[p], both drawn uniformly from
 * the integers 0 … oneIn-1. That has probability 1/oneIn, and is independent for any two elements, also for those that share
 * a channel or a position: given the shared noise, each equals it by a draw of its own. (Triples are independent too, but of
 * the four corners of a channel-by-position rectangle, three dropped ones drop the fourth.) So C + H·W random numbers an image
 * replace C·H·W, at the cost of a product an element. They are inputs: a resumed run drops the same elements as an
 * uninterrupted one.
 * @param x [N,C,H,W]; @param channelNoise int32 [N,C,1,1]; @param positionNoise int32 [N,1,H,W]
 */
export const dropout = (
  graph: GraphBuilder,
  x: Value,
  channelNoise: Value,
  positionNoise: Value,
  { oneIn }: { readonly oneIn: number },
): Value => graph.add(op, [x, channelNoise, positionNoise], { oneIn })[0]!
