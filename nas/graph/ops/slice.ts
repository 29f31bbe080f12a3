import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { pad } from './pad.ts'

interface Range {
  /** First index along every axis. */
  readonly starts: readonly number[]
  /** One past the last index along every axis. */
  readonly ends: readonly number[]
}

const op: Op<Range> = {
  name: 'slice',
  infer([x], { starts, ends }) {
    const { dtype, shape } = x!
    const fits = (length: number, i: number) => 0 <= starts[i]! && starts[i]! < ends[i]! && ends[i]! <= length
    if (starts.length !== shape.length || ends.length !== shape.length || !shape.every(fits))
      throw new ShapeMismatch(`has no part from [${starts}] to [${ends}]`)
    return [{ dtype, shape: ends.map((end, i) => end - starts[i]!) }]
  },
  gradient: ({ graph, attributes: { starts, ends }, inputs: [x], gradients: [dy] }) => [
    pad(graph, dy!, { before: starts, after: x!.type.shape.map((length, i) => length - ends[i]!) }),
  ],
  // Of the axes that are cut alone: in a model of dynamic size, others have any length.
  onnx(emit, [x], { starts, ends }, { inputs: [type] }) {
    const axes = starts.flatMap((start, i) => (start === 0 && ends[i] === type!.shape[i] ? [] : [i]))
    const along = (of: readonly number[]) => emit.ints(axes.map((axis) => of[axis]!))
    return [emit.node('Slice', [x!, along(starts), along(ends), emit.ints(axes)])]
  },
  tensorflow: (tf, [x], { starts, ends }) => [
    tf.slice(
      x!,
      [...starts],
      ends.map((end, i) => end - starts[i]!),
    ),
  ],
}

/** The elements from `starts` up to, not including, `ends`; both have a number for every axis. */
export const slice = (graph: GraphBuilder, x: Value, range: Range): Value => graph.add(op, [x], range)[0]!
