import { relu } from '../../graph/ops/relu.ts'
import type { LayerContext } from '../layers.ts'
import { convWithBias } from './layers.ts'
import type { Pyramid } from './pyramid.ts'

/** Channels of what an extra layer reads after its 1x1 convolution, and of what it gives. */
const EXTRA = { inside: 128, channels: 256 }

/**
 * The levels and coarser ones, as SSD adds to its backbone (arXiv 1512.02325, section 2.1 and Fig. 2): each a 1x1 convolution of the
 * level before and one of 3x3 and stride 2, both with ReLU. Parameters begin with `extra/`.
 * @param count of all levels
 */
export function withExtraLevels({ graph }: LayerContext, levels: Pyramid, count: number): Pyramid {
  const all = [...levels]
  const rectified = (
    scope: string,
    x: Pyramid[number],
    filter: { channels: number; kernel: number; stride: number },
  ) => {
    const fanOut = filter.kernel ** 2 * x.type.shape[1]!
    return relu(
      graph,
      convWithBias(graph, scope, x, { ...filter, initialiser: { kind: 'he-normal', fanOut } }),
    )
  }
  graph.within('extra', () => {
    while (all.length < count)
      all.push(
        graph.within(`level${all.length}`, () => {
          const inside = rectified('reduce', all.at(-1)!, { channels: EXTRA.inside, kernel: 1, stride: 1 })
          return rectified('halve', inside, { channels: EXTRA.channels, kernel: 3, stride: 2 })
        }),
      )
  })
  return all
}
