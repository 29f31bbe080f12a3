import { anchorsAPlace, ssdAnchors } from '../../boxes/anchors.ts'
import type { GraphBuilder } from '../../graph/builder.ts'
import type { Initialiser, Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { concat } from '../../graph/ops/concat.ts'
import { div } from '../../graph/ops/div.ts'
import { mul } from '../../graph/ops/mul.ts'
import { reduceSum } from '../../graph/ops/reduce-sum.ts'
import { reshape } from '../../graph/ops/reshape.ts'
import { sqrt } from '../../graph/ops/sqrt.ts'
import type { LayerContext } from '../layers.ts'
import { convWithBias } from './layers.ts'
import type { Pyramid } from './pyramid.ts'

/** What a one-stage detector says of each of K anchors, by level, anchor of a place, row and column; class 0 is the background. */
export interface AnchorPredictions {
  /** Logits [N, 1 + classes, K]. */
  readonly scores: Value
  /** Offsets of the box, the same for every class: [N,4,K]. */
  readonly deltas: Value
}

const SMALL: Initialiser = { kind: 'truncated-normal', deviation: 0.01 }

/**
 * The heads of SSD (arXiv 1512.02325, section 2.1): of every level a 3x3 convolution to scores and one to boxes, each with weights of
 * its own. Parameters begin with `head/`.
 * @param classes without background
 */
export const ssdHeads = ({ graph }: LayerContext, levels: Pyramid, classes: number): AnchorPredictions =>
  graph.within('head', () => {
    const anchors = ssdAnchors(1, levels.length).map(anchorsAPlace)
    const scaled = levels.map((level) => unitLength(graph, level))
    const predicted = (name: string, numbers: number) =>
      concat(
        graph,
        scaled.map((level, i) =>
          byAnchor(
            graph,
            convWithBias(graph, `level${i}/${name}`, level, {
              channels: numbers * anchors[i]!,
              kernel: 3,
              initialiser: SMALL,
            }),
            numbers,
          ),
        ),
        2,
      )
    return { scores: predicted('scores', 1 + classes), deltas: predicted('deltas', 4) }
  })

/** Features whose channels have length 0 stay 0. */
const EPSILON = 1e-6

/**
 * Every pixel over the length of its channels, as SSD has it at its finest level (section 3.1, without the scale that is learnt there).
 * Levels of a searched neck have no normalisation, and heads on them as they are diverge at the learning rates of other detectors.
 */
function unitLength(graph: GraphBuilder, x: Value): Value {
  const squared = reduceSum(graph, mul(graph, x, x), [1])
  return div(graph, x, sqrt(graph, add(graph, squared, graph.scalar(EPSILON))))
}

/** Channels hold the anchors of a number together: [N,numbers·A,H,W] to [N,numbers,A·H·W]. */
function byAnchor(graph: GraphBuilder, x: Value, numbers: number): Value {
  const [n, channels, height, width] = x.type.shape as [number, number, number, number]
  return reshape(graph, x, [n, numbers, (channels / numbers) * height * width])
}
