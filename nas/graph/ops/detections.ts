import { HEAD_WEIGHTS } from '../../boxes/deltas.ts'
import { type DetectionOptions, detectionsOf } from '../../boxes/detections.ts'
import { sameShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { highest, type ImageSize, isKept, keptScores, movedBoxes, rowsBy } from '../onnx/boxes.ts'
import { elementTypes } from '../onnx/types.ts'
import { type Op, ShapeMismatch } from '../op.ts'

interface Attributes extends DetectionOptions {
  readonly image: ImageSize
}

/** The label of what is no detection. */
const NOTHING = -1

const op: Op<Attributes> = {
  name: 'detections',
  infer([regions, probabilities, deltas], { most }) {
    const [n, p, four] = regions!.shape
    const [rows, classes] = probabilities!.shape
    const isEven = four === 4 && rows === n! * p! && sameShape(deltas!.shape, [rows, 4 * classes!])
    if (!isEven || classes! < 2)
      throw new ShapeMismatch(
        'needs regions [N,P,4], probabilities [N·P,C] and deltas [N·P,4C] of 2 classes or more',
      )
    const count = Math.min(most, p! * (classes! - 1))
    return [
      { dtype: 'float32', shape: [n!, count, 4] },
      { dtype: 'float32', shape: [n!, count] },
      { dtype: 'int32', shape: [n!, count] },
    ]
  },
  onnx(emit, [regions, probabilities, deltas], { image, score, threshold, most }, { inputs, outputs: [y] }) {
    const [n, p] = inputs[0]!.shape as [number, number]
    const all = inputs[1]!.shape[1]!
    const classes = all - 1
    const count = y!.shape[1]!
    const shaped = (x: string, ...shape: number[]) => emit.node('Reshape', [x, emit.ints(shape)])
    // Without the background, and by class: a class of an image is a list of its own.
    const byClass = (x: string, last: number) => {
      const found = emit.node('Slice', [
        shaped(x, n, p, all, last),
        emit.ints([1]),
        emit.ints([all]),
        emit.ints([2]),
      ])
      return emit.node('Transpose', [found], { perm: [0, 2, 1, 3] })
    }
    const moved = movedBoxes(emit, shaped(regions!, n, 1, p, 4), byClass(deltas!, 4), HEAD_WEIGHTS, image)
    const scores = shaped(byClass(probabilities!, 1), n * classes, p)
    const boxes = shaped(moved, n * classes, p, 4)
    const kept = keptScores(emit, boxes, scores, { shape: [n * classes, p], above: score, threshold, most })
    const [best, indices] = highest(emit, shaped(kept, n, classes * p), count)
    const isFound = isKept(emit, best)
    const rows = rowsBy(emit, shaped(moved, n, classes * p, 4), indices, [n, count])
    const label = emit.node('Cast', [emit.node('Div', [indices, emit.int(p)])], { to: elementTypes.int32 })
    return [
      emit.node('Where', [shaped(isFound, n, count, 1), rows, emit.float(0)]),
      emit.node('Where', [isFound, best, emit.float(0)]),
      emit.node('Where', [isFound, label, emit.int32s([], Int32Array.of(NOTHING))]),
    ]
  },
  tensorflow(tf, inputs, { image, ...options }, { outputs: [y] }) {
    const [n, count] = y!.shape as [number, number]
    const data = inputs.map((tensor) => tensor.dataSync() as Float32Array)
    const boxes = new Float32Array(4 * n * count)
    const scores = new Float32Array(n * count)
    const labels = new Int32Array(n * count).fill(NOTHING)
    for (let i = 0; i < n; i++) {
      const [regions, probabilities, deltas] = data.map((each) =>
        each.subarray((i * each.length) / n, ((i + 1) * each.length) / n),
      ) as [Float32Array, Float32Array, Float32Array]
      const found = detectionsOf(regions, probabilities, deltas, image, options)
      boxes.set(found.boxes, 4 * i * count)
      scores.set(found.scores, i * count)
      labels.set(found.labels, i * count)
    }
    const shape = [n, count] as const
    return [
      tf.tensor(boxes, [...shape, 4]),
      tf.tensor(scores, [...shape]),
      tf.tensor(labels, [...shape], 'int32'),
    ]
  },
}

export interface DetectionValues {
  /** [N,D,4] */
  readonly boxes: Value
  /** [N,D] */
  readonly scores: Value
  /** int32 [N,D], from 0, without the background */
  readonly labels: Value
}

/**
 * What a head found in the regions of each image, as `detectionsOf` of `nas/boxes` finds it, within the graph: for exported
 * models. Not differentiable; TensorFlow.js has it found on the host.
 * @param regions [N,P,4]; those without area lead to nothing
 * @param probabilities [N·P,C], the first of the background; @param deltas [N·P,4C]
 * @returns in descending order of score, where D is `most`, or P·(C-1) if that is less. Where less is found, boxes without area
 * follow, of score 0 and label -1.
 */
export function detections(
  graph: GraphBuilder,
  regions: Value,
  probabilities: Value,
  deltas: Value,
  image: ImageSize,
  options: DetectionOptions,
): DetectionValues {
  const [boxes, scores, labels] = graph.add(op, [regions, probabilities, deltas], { ...options, image })
  return { boxes: boxes!, scores: scores!, labels: labels! }
}
