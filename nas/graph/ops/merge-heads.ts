import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { lengthOf } from '../onnx/dynamic-size.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { reshape } from './reshape.ts'

const op: Op<null> = {
  name: 'merge-heads',
  infer([x, like]) {
    const [n, heads, channels, tokens] = x!.shape as [number, number, number, number]
    const [, , height, width] = like!.shape as [number, number, number, number]
    if (x!.shape.length !== 4 || like!.shape.length !== 4 || tokens !== height * width)
      throw new ShapeMismatch('needs [N,heads,C,tokens] and a map [.,.,H,W] of as many positions')
    return [{ dtype: x!.dtype, shape: [n, heads * channels, height, width] }]
  },
  gradient: ({ graph, inputs: [x], gradients: [dy] }) => [reshape(graph, dy!, x!.type.shape), undefined],
  onnx(emit, [x, like], _, { outputs: [y] }) {
    const along = (map: string, axis: number) =>
      emit.node('Reshape', [lengthOf(emit, map, axis), emit.ints([1])])
    const shape = () => [along(x!, 0), emit.ints([y!.shape[1]!]), along(like!, 2), along(like!, 3)]
    const target = emit.dynamic ? emit.node('Concat', shape(), { axis: 0 }) : emit.ints(y!.shape)
    return [emit.node('Reshape', [x!, target])]
  },
  tensorflow: (tf, [x], _, { outputs: [y] }) => [tf.reshape(x!, [...y!.shape])],
}

/** The reverse of splitHeads: tokens of all heads [N, heads, d, H·W] as a map [N, heads·d, H, W] of the size of another. */
export const mergeHeads = (graph: GraphBuilder, x: Value, like: Value): Value =>
  graph.add(op, [x, like], null)[0]!
