import type { GraphBuilder } from '../../graph/builder.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { binaryCrossEntropy } from '../../graph/ops/binary-cross-entropy.ts'
import { concat } from '../../graph/ops/concat.ts'
import { mul } from '../../graph/ops/mul.ts'
import { reshape } from '../../graph/ops/reshape.ts'
import { smoothL1 } from '../../graph/ops/smooth-l1.ts'
import { softmax } from '../../graph/ops/softmax.ts'
import { softmaxCrossEntropy } from '../../graph/ops/softmax-cross-entropy.ts'
import { roiAlign } from '../../graph/roi-align.ts'
import type { TwoStageDetector } from '../../nets/detection/detector.ts'
import { REGION_SIDE } from '../../nets/detection/head.ts'
import { type Pyramid, withCoarserLevel } from '../../nets/detection/pyramid.ts'
import { regionProposals } from '../../nets/detection/rpn.ts'
import { LEVEL_STRIDES } from '../../nets/detection/strides.ts'
import type { LayerContext } from '../../nets/layers.ts'
import { sizeOf } from '../../tensor.ts'
import type { Forward } from '../step.ts'
import { NOT_A_REGION } from './region-targets.ts'

/** Samples along a side of each of its places. */
const SAMPLING_RATIO = 2

/** Where |x| becomes linear (torchvision's Faster R-CNN; Detectron's heads). */
const RPN_BETA = 1 / 9
const HEAD_BETA = 1

/** Adds the inputs of a network to a graph, and gives the levels that its neck reads. */
export type Features = (context: LayerContext) => Pyramid

/** What differs between detectors. */
export type SearchedParts = Pick<TwoStageDetector, 'neck' | 'head'>

/** What the host reads between the halves. */
export const PROPOSED = ['objectness', 'deltas'] as const

interface Proposing {
  readonly pyramid: Pyramid
  /** Logits [N,K] of all anchors. */
  readonly objectness: Value
  /** [N,4K], by level [A,4,H,W]. */
  readonly deltas: Value
}

/** Features, neck, and what the region proposal network says of each level. */
export function predicted(context: LayerContext, features: Features, detector: SearchedParts) {
  const pyramid = detector.neck(context, features(context))
  return { pyramid, levels: regionProposals(context, withCoarserLevel(context.graph, pyramid)) }
}

/** The first half. */
function proposing(context: LayerContext, features: Features, detector: SearchedParts): Proposing {
  const { graph } = context
  const { pyramid, levels } = predicted(context, features, detector)
  const joined = (values: readonly Value[]) =>
    concat(
      graph,
      values.map((value) => flat(graph, value)),
      1,
    )
  return {
    pyramid,
    objectness: joined(levels.map(({ objectness }) => objectness)),
    deltas: joined(levels.map(({ deltas }) => deltas)),
  }
}

const flat = (graph: GraphBuilder, value: Value): Value => {
  const [n] = value.type.shape as [number]
  return reshape(graph, value, [n, sizeOf(value.type.shape) / n])
}

/**
 * Each region pooled from all levels, and the mean of these: adaptive feature pooling (PANet, arXiv 1803.01534, section 3.2, which
 * takes the largest or the sum). @param regions [N,P,4]
 * @returns [N·P,C,7,7]
 */
export function pooled(graph: GraphBuilder, pyramid: Pyramid, regions: Value): Value {
  const levels = pyramid.map((level, i) =>
    roiAlign(graph, level, regions, {
      size: [REGION_SIDE, REGION_SIDE],
      spatialScale: 1 / LEVEL_STRIDES[i]!,
      samplingRatio: SAMPLING_RATIO,
    }),
  )
  const sum = levels.reduce((all, level) => add(graph, all, level))
  return mul(graph, sum, graph.scalar(1 / levels.length))
}

interface DetectorSizes {
  readonly classes: number
  readonly images: number
  /** Of an image. */
  readonly regions: number
}

export const detectorLoss =
  (
    contextOf: (graph: GraphBuilder) => LayerContext,
    features: Features,
    detector: SearchedParts,
    { classes, images, regions }: DetectorSizes,
  ): Forward =>
  (graph) => {
    const context = contextOf(graph)
    const input = (name: string, shape: readonly number[]) => graph.input(name, { dtype: 'float32', shape })
    const { pyramid, objectness, deltas } = proposing(context, features, detector)
    const like = (value: Value, name: string) => input(name, value.type.shape)
    const objectnessLoss = binaryCrossEntropy(
      graph,
      objectness,
      like(objectness, 'objectness/target'),
      like(objectness, 'objectness/weight'),
    )
    const anchorLoss = smoothL1(graph, deltas, like(deltas, 'deltas/target'), like(deltas, 'deltas/weight'), {
      beta: RPN_BETA,
    })
    const found = detector.head(context, pooled(graph, pyramid, input('regions', [images, regions, 4])))
    const classLoss = softmaxCrossEntropy(
      graph,
      found.scores,
      graph.input('region/label', { dtype: 'int32', shape: [images * regions] }),
      { ignoreLabel: NOT_A_REGION },
    )
    const columns = [images * regions, 4 * (classes + 1)]
    const boxLoss = smoothL1(
      graph,
      found.deltas,
      input('region/target', columns),
      input('region/weight', columns),
      { beta: HEAD_BETA },
    )
    const loss = add(graph, add(graph, objectnessLoss, anchorLoss), add(graph, classLoss, boxLoss))
    return { loss, metrics: { objectness, deltas, objectnessLoss, anchorLoss, classLoss, boxLoss } }
  }

/**
 * A detector in evaluation, for one image: from its inputs `objectness` and `deltas`, and from `regions` [1,R,4] `probabilities` [R,C] and `region/deltas` [R,4C].
 */
export function detectorGraph(
  context: LayerContext & { readonly graph: GraphBuilder },
  features: Features,
  detector: SearchedParts,
  { regions }: { readonly regions: number },
): Graph {
  const { graph } = context
  const { pyramid, objectness, deltas } = proposing(context, features, detector)
  const boxes = graph.input('regions', { dtype: 'float32', shape: [1, regions, 4] })
  const found = detector.head(context, pooled(graph, pyramid, boxes))
  return graph.build({
    objectness,
    deltas,
    probabilities: softmax(graph, found.scores, 1),
    'region/deltas': found.deltas,
  })
}
