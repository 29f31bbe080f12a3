import type { DetectionOptions } from '../../boxes/detections.ts'
import { GraphBuilder } from '../../graph/builder.ts'
import type { Graph } from '../../graph/graph.ts'
import { detections } from '../../graph/ops/detections.ts'
import { found } from '../../graph/ops/found.ts'
import { proposals } from '../../graph/ops/proposals.ts'
import { softmax } from '../../graph/ops/softmax.ts'
import type { DetectorOptions } from './detector.ts'
import { frozen } from './features.ts'
import { type Features, pooled, predicted, type SearchedParts } from './forward.ts'
import type { Geometry } from './geometry.ts'

/**
 * A detector as one program, for those who run its model: from `image` [1,3,H,W] to `boxes` [M,4] in pixels of that, `scores` [M]
 * and int32 `labels` [M], the likeliest first. What the host does between the halves of an evaluation is part of it.
 */
export function exportGraph(
  features: Features,
  detector: SearchedParts,
  setting: {
    readonly geometry: Geometry
    readonly options: Pick<DetectorOptions, 'proposals'>
    readonly detections: DetectionOptions
  },
): Graph {
  const { geometry, options } = setting
  const graph = new GraphBuilder()
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
    options.proposals.evaluation,
  )
  const { scores, deltas } = detector.head(context, pooled(graph, pyramid, regions))
  const all = detections(graph, regions, softmax(graph, scores, 1), deltas, geometry, setting.detections)
  return graph.build({ ...found(graph, all) })
}
