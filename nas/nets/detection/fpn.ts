import { add } from '../../graph/ops/add.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import type { LayerContext } from '../layers.ts'
import { convWithBias, keepsVariance } from './layers.ts'
import type { Pyramid } from './pyramid.ts'

/**
 * The neck of FPN (arXiv 1612.03144, section 3): a 1x1 convolution of each level, to which the level above is added, enlarged, and
 * a 3x3 convolution of each sum. Enlarges bilinearly, like the necks that are searched; the paper takes the nearest pixel.
 * @returns levels of the same sizes, each of so many channels. Parameters begin with `neck/`.
 */
export const fpnNeck = (
  { graph }: LayerContext,
  levels: Pyramid,
  { channels }: { readonly channels: number },
): Pyramid =>
  graph.within('neck', () => {
    const merged = levels.map((level, i) =>
      convWithBias(graph, `lateral${i}`, level, {
        channels,
        initialiser: keepsVariance(level.type.shape[1]!),
      }),
    )
    for (let i = merged.length - 2; i >= 0; i--)
      merged[i] = add(
        graph,
        merged[i]!,
        resizeBilinear(graph, merged[i + 1]!, merged[i]!, { alignCorners: false }),
      )
    return merged.map((level, i) =>
      convWithBias(graph, `output${i}`, level, {
        channels,
        kernel: 3,
        initialiser: keepsVariance(9 * channels),
      }),
    )
  })
