import type { GraphBuilder } from '../../../graph/builder.ts'
import type { Graph } from '../../../graph/graph.ts'
import { add } from '../../../graph/ops/add.ts'
import { mul } from '../../../graph/ops/mul.ts'
import { smoothL1 } from '../../../graph/ops/smooth-l1.ts'
import { softmax } from '../../../graph/ops/softmax.ts'
import { softmaxCrossEntropy } from '../../../graph/ops/softmax-cross-entropy.ts'
import type { OneStageDetector } from '../../../nets/detection/detector.ts'
import type { AnchorPredictions } from '../../../nets/detection/ssd-head.ts'
import type { LayerContext } from '../../../nets/layers.ts'
import type { Forward } from '../../step.ts'
import type { Features } from '../forward.ts'
import { NOT_LEARNT } from './targets.ts'

/** Where |x| becomes linear (SSD, equation 2). */
const BETA = 1

export type OneStageParts = Pick<OneStageDetector, 'extra' | 'neck' | 'head'>

/** What the host reads between the halves of a step: only once it knows what is hard does it know what is learnt. */
export const SCORED = ['scores'] as const

/** What the heads say of all anchors. */
export const anchorsPredicted = (
  context: LayerContext,
  features: Features,
  { extra, neck, head }: OneStageParts,
): AnchorPredictions => head(context, neck(context, extra(context, features(context))))

/** The multibox loss (SSD, section 2.2, equation 1), of what `multiboxTargets` says of each anchor. */
export const multiboxLoss =
  (contextOf: (graph: GraphBuilder) => LayerContext, features: Features, detector: OneStageParts): Forward =>
  (graph) => {
    const { scores, deltas } = anchorsPredicted(contextOf(graph), features, detector)
    const [n, , k] = scores.type.shape as [number, number, number]
    const labels = graph.input('anchor/label', { dtype: 'int32', shape: [n, k] })
    const like = (name: string) => graph.input(name, { dtype: 'float32', shape: deltas.type.shape })
    // Its mean is over all anchors that are learnt from, the loss over those that match.
    const mean = softmaxCrossEntropy(graph, scores, labels, { ignoreLabel: NOT_LEARNT })
    const classLoss = mul(graph, mean, graph.input('anchor/share', { dtype: 'float32', shape: [] }))
    const boxLoss = smoothL1(graph, deltas, like('anchor/target'), like('anchor/weight'), { beta: BETA })
    return { loss: add(graph, classLoss, boxLoss), metrics: { scores, classLoss, boxLoss } }
  }

/** A detector in evaluation, for one image: `probabilities` [1,C,K] and `deltas` [1,4,K]. */
export function oneStageGraph(
  context: LayerContext & { readonly graph: GraphBuilder },
  features: Features,
  detector: OneStageParts,
): Graph {
  const { scores, deltas } = anchorsPredicted(context, features, detector)
  return context.graph.build({ probabilities: softmax(context.graph, scores, 1), deltas })
}
