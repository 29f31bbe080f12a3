import { type Boxes, countOf } from '../../boxes/boxes.ts'
import { likeliestAnchors as onHost } from '../../boxes/likeliest.ts'
import { sameShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { highest, rowsBy } from '../onnx/boxes.ts'
import { reduce } from '../onnx/reduce.ts'
import { type Op, ShapeMismatch } from '../op.ts'

interface Attributes {
  readonly anchors: Boxes
  readonly most: number
}

const op: Op<Attributes> = {
  name: 'likeliest-anchors',
  infer([probabilities, deltas], { anchors, most }) {
    const [n, classes, k] = probabilities!.shape as [number, number, number]
    if (k !== countOf(anchors) || !sameShape(deltas!.shape, [n, 4, k]) || classes < 2)
      throw new ShapeMismatch(
        `needs probabilities [N,C,K] of 2 classes or more and deltas [N,4,K] of ${countOf(anchors)} anchors`,
      )
    const count = Math.min(most, k)
    return [
      { dtype: 'float32', shape: [n, count, 4] },
      { dtype: 'float32', shape: [n * count, classes] },
      { dtype: 'float32', shape: [n * count, 4 * classes] },
    ]
  },
  onnx(emit, [probabilities, deltas], { anchors }, { inputs: [type], outputs: [y] }) {
    const [n, classes, k] = type!.shape as [number, number, number]
    const count = y!.shape[1]!
    const shaped = (x: string, ...shape: number[]) => emit.node('Reshape', [x, emit.ints(shape)])
    const foreground = emit.node('Slice', [
      probabilities!,
      emit.ints([1]),
      emit.ints([classes]),
      emit.ints([1]),
    ])
    const [, indices] = highest(emit, shaped(reduce(emit, 'ReduceMax', foreground, [1]), n, k), count)
    const chosen = (x: string) =>
      rowsBy(emit, emit.node('Transpose', [x], { perm: [0, 2, 1] }), indices, [n, count])
    const repeated = emit.node('Expand', [
      shaped(chosen(deltas!), n, count, 1, 4),
      emit.ints([n, count, classes, 4]),
    ])
    return [
      emit.node('Gather', [emit.floats([k, 4], anchors), indices]),
      shaped(chosen(probabilities!), n * count, classes),
      shaped(repeated, n * count, 4 * classes),
    ]
  },
  tensorflow(tf, inputs, { anchors, most }, { inputs: [type], outputs }) {
    const n = type!.shape[0]!
    const data = inputs.map((tensor) => tensor.dataSync() as Float32Array)
    const images = Array.from({ length: n }, (_, i) => {
      const [probabilities, deltas] = data.map((each) =>
        each.subarray((i * each.length) / n, ((i + 1) * each.length) / n),
      ) as [Float32Array, Float32Array]
      return onHost(anchors, probabilities, deltas, most)
    })
    return (['regions', 'probabilities', 'deltas'] as const).map((name, i) =>
      tf.tensor(Float32Array.from(images.flatMap((image) => [...image[name]])), [...outputs[i]!.shape]),
    )
  },
}

/**
 * The anchors that are likeliest to hold something, as `likeliestAnchors` of `nas/boxes` takes them, within the graph: for exported
 * models. Not differentiable; TensorFlow.js has them chosen on the host.
 * @param probabilities [N,C,K], the first of the background; @param deltas [N,4,K]
 * @returns regions [N,P,4], probabilities [N·P,C] and deltas [N·P,4C] of `detections`, where P is `most`, or K if that is less
 */
export function likeliestAnchors(
  graph: GraphBuilder,
  probabilities: Value,
  deltas: Value,
  attributes: Attributes,
): readonly [regions: Value, probabilities: Value, deltas: Value] {
  const [regions, chosen, moved] = graph.add(op, [probabilities, deltas], attributes)
  return [regions!, chosen!, moved!]
}
