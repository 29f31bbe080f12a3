import type { GraphBuilder } from '../builder.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import type { DetectionValues } from './detections.ts'

/** The shapes are those of a full image. */
const op: Op<null> = {
  name: 'found',
  infer([, scores, labels]) {
    const [n, d] = scores!.shape as [number, number]
    if (n !== 1) throw new ShapeMismatch(`is of one image, not of ${n}`)
    return [
      { dtype: 'float32', shape: [d, 4] },
      { dtype: 'float32', shape: [d] },
      { dtype: labels!.dtype, shape: [d] },
    ]
  },
  onnx(emit, [boxes, scores, labels], _, { inputs: [type] }) {
    const count = type!.shape[1]!
    const isFound = emit.node('Reshape', [emit.node('Greater', [scores!, emit.float(0)]), emit.ints([count])])
    const rows = (x: string, ...shape: readonly number[]) =>
      emit.node('Compress', [emit.node('Reshape', [x, emit.ints([count, ...shape])]), isFound], { axis: 0 })
    return [rows(boxes!, 4), rows(scores!), rows(labels!)]
  },
  tensorflow(tf, [boxes, scores, labels]) {
    const count = scores!.dataSync().filter((score) => score > 0).length
    const rows = (x: typeof boxes) => tf.slice(tf.squeeze(x!, [0]), 0, count)
    return [rows(boxes), rows(scores), rows(labels)]
  },
}

/**
 * Of what {@link detections} gives for one image the rows that are detections: M boxes [M,4], scores [M] and labels [M]. Only at the
 * end of an exported model, as M is known when it runs.
 */
export function found(graph: GraphBuilder, { boxes, scores, labels }: DetectionValues): DetectionValues {
  const [b, s, l] = graph.add(op, [boxes, scores, labels], null)
  return { boxes: b!, scores: s!, labels: l! }
}
