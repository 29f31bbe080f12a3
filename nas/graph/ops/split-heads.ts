import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { reshape } from './reshape.ts'

/** ONNX's length of an axis that is that of the input, and of one that holds the rest. */
const [AS_INPUT, REST] = [0, -1]

const op: Op<{ readonly heads: number }> = {
  name: 'split-heads',
  infer([x], { heads }) {
    const { dtype, shape } = x!
    const [n, channels, ...size] = shape as [number, number, ...number[]]
    if (shape.length !== 4 || channels % heads !== 0)
      throw new ShapeMismatch(`needs [N,C,H,W] of channels that are shared by ${heads} heads`)
    return [{ dtype, shape: [n, heads, channels / heads, sizeOf(size)] }]
  },
  gradient: ({ graph, inputs: [x], gradients: [dy] }) => [reshape(graph, dy!, x!.type.shape)],
  onnx(emit, [x], _, { outputs: [y] }) {
    const [, heads, channels] = y!.shape as [number, number, number]
    const shape = emit.dynamic ? [AS_INPUT, heads, channels, REST] : y!.shape
    return [emit.node('Reshape', [x!, emit.ints(shape)])]
  },
  tensorflow: (tf, [x], _, { outputs: [y] }) => [tf.reshape(x!, [...y!.shape])],
}

/** The channels of a map by heads of attention, its positions as tokens: [N, heads·d, H, W] to [N, heads, d, H·W]. */
export const splitHeads = (graph: GraphBuilder, x: Value, heads: number): Value =>
  graph.add(op, [x], { heads })[0]!
