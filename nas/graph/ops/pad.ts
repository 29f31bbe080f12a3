import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'

/** Zeros to add along every axis; a negative number removes as many elements, as in ONNX and PyTorch. */
interface Padding {
  /** Before the first element. */
  readonly before: readonly number[]
  /** After the last element. */
  readonly after: readonly number[]
}

const negated = (lengths: readonly number[]) => lengths.map((length) => 0 - length)
const positive = (length: number) => Math.max(length, 0)

const op: Op<Padding> = {
  name: 'pad',
  infer([x], { before, after }) {
    const { dtype, shape } = x!
    const isLeft = (length: number, i: number) => length > positive(-before[i]!) + positive(-after[i]!)
    if (before.length !== shape.length || after.length !== shape.length || !shape.every(isLeft))
      throw new ShapeMismatch(`cannot be padded by [${before}] before and [${after}] after`)
    return [{ dtype, shape: shape.map((length, i) => before[i]! + length + after[i]!) }]
  },
  gradient: ({ graph, attributes: { before, after }, gradients: [dy] }) => [
    pad(graph, dy!, { before: negated(before), after: negated(after) }),
  ],
  onnx: (emit, [x], { before, after }) => [emit.node('Pad', [x!, emit.ints([...before, ...after])])],
  tensorflow(tf, [x], { before, after }) {
    const starts = negated(before).map(positive)
    const lengths = x!.shape.map((length, i) => length - starts[i]! - positive(-after[i]!))
    return [
      tf.pad(
        tf.slice(x!, starts, lengths),
        before.map((n, i) => [positive(n), positive(after[i]!)]),
      ),
    ]
  },
}

/** Zeros around a value. */
export const pad = (graph: GraphBuilder, x: Value, padding: Padding): Value => graph.add(op, [x], padding)[0]!
