import type { Initialiser, Value } from '../../graph/graph.ts'
import { relu } from '../../graph/ops/relu.ts'
import type { LayerContext } from '../layers.ts'
import { convWithBias } from './layers.ts'
import type { Pyramid } from './pyramid.ts'

/** Anchors at every pixel of a level: one size, three aspect ratios (FPN, section 4.1). */
export const ANCHORS = 3

/** Of one level, at every pixel for every anchor. */
export interface Proposals {
  /** Logits [N,3,H,W]. */
  readonly objectness: Value
  /** Offsets of the box, those of an anchor together: [N,12,H,W]. */
  readonly deltas: Value
}

const SMALL: Initialiser = { kind: 'truncated-normal', deviation: 0.01 }

/**
 * The region proposal network (Faster R-CNN, arXiv 1506.01497, section 3.1): a 3x3 convolution and two of 1x1, the same for all
 * levels. Parameters begin with `rpn/`.
 */
export const regionProposals = ({ graph }: LayerContext, levels: Pyramid): readonly Proposals[] =>
  levels.map((level) =>
    graph.within('rpn', () => {
      const channels = level.type.shape[1]!
      const hidden = relu(
        graph,
        convWithBias(graph, 'hidden', level, { channels, kernel: 3, initialiser: SMALL }),
      )
      return {
        objectness: convWithBias(graph, 'objectness', hidden, { channels: ANCHORS, initialiser: SMALL }),
        deltas: convWithBias(graph, 'deltas', hidden, { channels: 4 * ANCHORS, initialiser: SMALL }),
      }
    }),
  )
