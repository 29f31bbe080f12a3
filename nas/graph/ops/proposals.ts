import { type Boxes, countOf } from '../../boxes/boxes.ts'
import { RPN_WEIGHTS } from '../../boxes/deltas.ts'
import { type ProposalOptions, proposalsOf } from '../../boxes/proposals.ts'
import { showShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { highest, type ImageSize, isKept, keptScores, movedBoxes, rowsBy } from '../onnx/boxes.ts'
import type { OnnxEmitter } from '../onnx/emitter.ts'
import { type Op, ShapeMismatch } from '../op.ts'

interface Attributes extends ProposalOptions {
  readonly image: ImageSize
  /** Of each level, in the order of its objectness. */
  readonly anchors: readonly Boxes[]
}

/** The best of a level that are decoded. */
const countsOf = ({ anchors, perLevel }: Attributes) =>
  anchors.map((level) => Math.min(perLevel, countOf(level)))

const totalOf = (attributes: Attributes) => countsOf(attributes).reduce((sum, count) => sum + count, 0)

/** Inputs are objectness and deltas of one level after the other. */
const op: Op<Attributes> = {
  name: 'proposals',
  infer(inputs, attributes) {
    const { anchors, most } = attributes
    const n = inputs[0]!.shape[0]!
    anchors.forEach((level, i) => {
      const [objectness, deltas] = [inputs[2 * i]!.shape, inputs[2 * i + 1]!.shape]
      const [, ratios, height, width] = objectness
      const isEven = deltas.join() === [n, 4 * ratios!, height, width].join()
      if (!isEven || ratios! * height! * width! !== countOf(level))
        throw new ShapeMismatch(
          `level ${i} has ${countOf(level)} anchors, objectness ${showShape(objectness)} and deltas ${showShape(deltas)}`,
        )
    })
    return [{ dtype: 'float32', shape: [n, Math.min(most, totalOf(attributes)), 4] }]
  },
  onnx(emit, inputs, attributes, { inputs: types, outputs: [y] }) {
    const [n, count] = y!.shape as [number, number]
    const counts = countsOf(attributes)
    const levels = counts.map((k, i) => {
      const [, ratios, height, width] = types[2 * i]!.shape as [number, number, number, number]
      const level = {
        objectness: inputs[2 * i]!,
        deltas: inputs[2 * i + 1]!,
        anchors: attributes.anchors[i]!,
      }
      return onnxLevel(emit, level, [n, ratios, height * width], k, attributes)
    })
    const [scores, boxes] = (['scores', 'boxes'] as const).map((key) =>
      emit.node(
        'Concat',
        levels.map((level) => level[key]),
        { axis: 1 },
      ),
    )
    const [best, indices] = highest(emit, scores!, count)
    const rows = rowsBy(emit, boxes!, indices, [n, count])
    const kept = emit.node('Reshape', [isKept(emit, best), emit.ints([n, count, 1])])
    return [emit.node('Where', [kept, rows, emit.float(0)])]
  },
  tensorflow(tf, inputs, { anchors, image, ...options }, { inputs: types, outputs: [y] }) {
    const [n, count] = y!.shape as [number, number]
    const data = inputs.map((tensor) => tensor.dataSync() as Float32Array)
    const regions = new Float32Array(n * count * 4)
    for (let i = 0; i < n; i++) {
      const levels = anchors.map((level, j) => {
        const [, , height, width] = types[2 * j]!.shape as [number, number, number, number]
        const size = countOf(level)
        return {
          objectness: data[2 * j]!.subarray(i * size, (i + 1) * size),
          deltas: data[2 * j + 1]!.subarray(4 * i * size, 4 * (i + 1) * size),
          anchors: level,
          places: height * width,
        }
      })
      regions.set(proposalsOf(levels, image, options).boxes, i * count * 4)
    }
    return [tf.tensor(regions, [...y!.shape])]
  },
}

/** The best boxes [N,k,4] of a level and their scores [N,k], of which only those that stay are not the lowest. */
function onnxLevel(
  emit: OnnxEmitter,
  level: { readonly objectness: string; readonly deltas: string; readonly anchors: Boxes },
  [n, ratios, places]: readonly [number, number, number],
  k: number,
  { image, threshold, most }: Attributes,
) {
  const [scores, indices] = highest(
    emit,
    emit.node('Reshape', [level.objectness, emit.ints([n, ratios * places])]),
    k,
  )
  const byRatio = emit.node('Reshape', [level.deltas, emit.ints([n, ratios, 4, places])])
  const byAnchor = emit.node('Transpose', [byRatio], { perm: [0, 1, 3, 2] })
  const deltas = emit.node('Reshape', [byAnchor, emit.ints([n, ratios * places, 4])])
  const anchors = emit.node('Gather', [emit.floats([ratios * places, 4], level.anchors), indices])
  const boxes = movedBoxes(emit, anchors, rowsBy(emit, deltas, indices, [n, k]), RPN_WEIGHTS, image)
  return { boxes, scores: keptScores(emit, boxes, scores, { shape: [n, k], threshold, most }) }
}

/** What a region proposal network says of one level. */
interface Level {
  /** Logits [N,A,H,W]. */
  readonly objectness: Value
  /** [N,4A,H,W], those of an anchor together. */
  readonly deltas: Value
  /** In the order of `objectness`. */
  readonly anchors: Boxes
}

/**
 * Regions that may hold something, as `proposalsOf` of `nas/boxes` finds them, within the graph: for exported models. Not
 * differentiable; TensorFlow.js has them found on the host.
 * @returns [N,P,4] in descending order of score, where P is `most`, or the number of boxes if there are fewer. Where suppression
 * leaves fewer than P, boxes without area follow.
 */
export const proposals = (
  graph: GraphBuilder,
  levels: readonly Level[],
  image: ImageSize,
  options: ProposalOptions,
): Value =>
  graph.add(
    op,
    levels.flatMap(({ objectness, deltas }) => [objectness, deltas]),
    { ...options, image, anchors: levels.map(({ anchors }) => anchors) },
  )[0]!
