import type { DetectionOptions } from '../../boxes/detections.ts'
import { GraphBuilder } from '../../graph/builder.ts'
import type { Graph } from '../../graph/graph.ts'
import { detections } from '../../graph/ops/detections.ts'
import { found } from '../../graph/ops/found.ts'
import { likeliestAnchors } from '../../graph/ops/likeliest-anchors.ts'
import { proposals } from '../../graph/ops/proposals.ts'
import { softmax } from '../../graph/ops/softmax.ts'
import type { TwoStageDetector } from '../../nets/detection/detector.ts'
import type { TrainableDetector, TwoStageOptions } from './detector.ts'
import { frozen } from './features.ts'
import { type Features, pooled, predicted } from './forward.ts'
import type { Geometry } from './geometry.ts'
import { anchorsPredicted } from './one-stage/forward.ts'

/**
 * A detector as one program, for those who run its model: from `image` [1,3,H,W] to `boxes` [M,4] in pixels of that, `scores` [M]
 * and int32 `labels` [M], the likeliest first. What the host does in an evaluation is part of it.
 */
export function exportGraph(
  features: Features,
  detector: TrainableDetector,
  setting: { readonly geometry: Geometry; readonly detections: DetectionOptions },
): Graph {
  const { geometry } = setting
  const graph = new GraphBuilder()
  const candidates =
    detector.stages === 1
      ? ofAnchors(graph, features, detector, geometry)
      : ofRegions(graph, features, detector, geometry)
  const all = detections(graph, ...candidates, geometry, setting.detections)
  return graph.build({ ...found(graph, all) })
}

const ofAnchors = (
  graph: GraphBuilder,
  features: Features,
  detector: TrainableDetector & { readonly stages: 1 },
  { anchors }: Geometry,
) => {
  const { scores, deltas } = anchorsPredicted(frozen(graph), features, detector)
  return likeliestAnchors(graph, softmax(graph, scores, 1), deltas, {
    anchors,
    most: detector.options.candidates,
  })
}

function ofRegions(
  graph: GraphBuilder,
  features: Features,
  detector: TwoStageDetector & { readonly options: TwoStageOptions },
  geometry: Geometry,
) {
  const context = frozen(graph)
  const { pyramid, levels } = predicted(context, features, detector)
  const { anchors, starts } = geometry
  const regions = proposals(
    graph,
    levels.map((level, i) => ({
      ...level,
      anchors: anchors.subarray(4 * starts[i]!, 4 * (starts[i + 1] ?? anchors.length / 4)),
    })),
    geometry,
    detector.options.proposals.evaluation,
  )
  const { scores, deltas } = detector.head(context, pooled(graph, pyramid, regions))
  return [regions, softmax(graph, scores, 1), deltas] as const
}
