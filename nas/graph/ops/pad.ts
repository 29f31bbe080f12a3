import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { slice } from './slice.ts'

interface Padding {
  /** Zeros before the first element along every axis. */
  readonly before: readonly number[]
  /** Zeros after the last element along every axis. */
  readonly after: readonly number[]
}

const op: Op<Padding> = {
  name: 'pad',
  infer([x], { before, after }) {
    const { dtype, shape } = x!
    if (
      before.length !== shape.length ||
      after.length !== shape.length ||
      [...before, ...after].some((n) => n < 0)
    )
      throw new ShapeMismatch(`cannot be padded by [${before}] before and [${after}] after`)
    return [{ dtype, shape: shape.map((length, i) => before[i]! + length + after[i]!) }]
  },
  gradient: ({ graph, attributes: { before }, inputs: [x], gradients: [dy] }) => [
    slice(graph, dy!, { starts: before, ends: x!.type.shape.map((length, i) => before[i]! + length) }),
  ],
  onnx: (emit, [x], { before, after }) => [emit.node('Pad', [x!, emit.ints([...before, ...after])])],
  tensorflow: (tf, [x], { before, after }) => [
    tf.pad(
      x!,
      before.map((n, i) => [n, after[i]!]),
    ),
  ],
}

/** Zeros around a value. */
export const pad = (graph: GraphBuilder, x: Value, padding: Padding): Value => graph.add(op, [x], padding)[0]!
