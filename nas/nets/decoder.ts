import type { Value } from '../graph/graph.ts'
import { concat } from '../graph/ops/concat.ts'
import { resizeBilinear } from '../graph/ops/resize-bilinear.ts'
import { convBn, depthwiseBn, inTurn, type LayerContext } from './layers.ts'

/** Of the low-level features, for so many of the features: 48 for 256 (DeepLab v3+, section 3.1 and Table 1). */
const LOW_LEVEL_SHARE = 48 / 256

/**
 * The decoder of DeepLab v3+ (arXiv 1802.02611, section 3.1): features are enlarged to the size of low-level ones, which see thin
 * things, and both pass two separable 3x3 convolutions.
 * @param features [N,C,h,w] @param lowLevel [N,L,H,W]
 * @returns [N,C,H,W]
 */
export const decoder = (context: LayerContext, features: Value, lowLevel: Value): Value =>
  context.graph.within('decoder', () => {
    const { graph } = context
    const channels = features.type.shape[1]!
    const reduced = convBn(context, 'low-level', lowLevel, {
      channels: Math.max(1, Math.round(channels * LOW_LEVEL_SHARE)),
      activation: 'relu',
    })
    const enlarged = resizeBilinear(graph, features, lowLevel, { alignCorners: true })
    return inTurn(concat(graph, [enlarged, reduced], 1), [0, 1], (x, i) =>
      graph.within(`separable${i}`, () =>
        convBn(
          context,
          'pointwise',
          depthwiseBn(context, 'depthwise', x, { kernel: 3, activation: 'relu' }),
          { channels, activation: 'relu' },
        ),
      ),
    ).at(-1)!
  })
