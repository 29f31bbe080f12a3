import { TrellisError } from '../../errors.ts'
import type { Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { mul } from '../../graph/ops/mul.ts'
import { keepsVariance } from '../../nets/detection/layers.ts'
import type { Pyramid } from '../../nets/detection/pyramid.ts'
import type { LayerContext } from '../../nets/layers.ts'
import type { NeckGenotype } from './genotype.ts'
import { linked, type ModuleOptions, mixing, sourceOf, total } from './layers.ts'
import { layerLinks } from './links.ts'
import { liveNeck } from './live.ts'
import { decoded, type Mixture, relaxed } from './mixture.ts'
import { NECK_OPERATORS } from './operators.ts'
import { resample } from './resample.ts'

/**
 * Auto-fusion (section 3.2): levels [N,C_i,H_i,W_i] to levels of the same sizes, each of so many channels. A 1x1 convolution gives
 * every level its channels once, before the first layer; all operators work at the resolution of their source, and what they give is
 * then resampled to that of the target and summed. Parameters begin with `neck/`.
 * @throws TrellisError `invalid-genotype` for a neck of another number of levels
 */
export function searchedNeck(
  context: LayerContext,
  levels: Pyramid,
  neck: NeckGenotype,
  options: ModuleOptions,
): Pyramid {
  if (neck.levels !== levels.length)
    throw new TrellisError(
      'invalid-genotype',
      `a neck of ${neck.levels} levels cannot read the ${levels.length} levels of this backbone`,
      { fix: `take a neck of ${levels.length} levels` },
    )
  const layers = liveNeck(neck).layers.map((operators) => operators.map(decoded))
  return neckOf(context, levels, layers, options)
}

/**
 * The neck with all operators of all links, while it is searched. Its weights have the names that they have in a decoded neck.
 * @param alpha softmax of the architecture parameters of each layer [n², 8]
 */
export const relaxedNeck = (
  context: LayerContext,
  levels: Pyramid,
  alpha: readonly Value[],
  options: ModuleOptions,
): Pyramid =>
  neckOf(
    context,
    levels,
    alpha.map((weights) => relaxed(context.graph, weights, NECK_OPERATORS)),
    options,
  )

function neckOf(
  context: LayerContext,
  levels: Pyramid,
  layers: readonly (readonly Mixture[])[],
  { channels, batchNorm }: ModuleOptions,
): Pyramid {
  const { graph } = context
  const linksTo = (level: number, mixtures: readonly Mixture[]) =>
    layerLinks(levels.length)
      .map((link, i) => ({ ...link, mixture: mixtures[i]! }))
      .filter(({ target, mixture }) => target === level && mixture.length > 0)
  return graph.within('neck', () => {
    const laterals = levels.map((level, i) =>
      mixing(context, `lateral${i}`, level, {
        channels,
        kernel: 1,
        batchNorm: false,
        initialiser: keepsVariance(level.type.shape[1]!),
      }),
    )
    let features: readonly (Value | undefined)[] = laterals
    for (const [l, mixtures] of layers.entries()) {
      const sources = features.map((x) => x && sourceOf(context, x))
      features = laterals.map((like, target) => {
        const arriving = linksTo(target, mixtures)
        const terms = arriving.map(({ source, mixture }) => {
          const y = graph.within(`layer${l}/from${source}to${target}`, () =>
            linked(context, sources[source]!, mixture, { links: arriving.length, batchNorm }),
          )
          return resample(graph, y!, target - source, like)
        })
        return total(context, terms)
      })
    }
    const isRead = (level: number) =>
      laterals.some((_, target) => linksTo(target, layers[0]!).some(({ source }) => source === level))
    return features.map((x, i) => (isRead(i) && x) || withLateral(context, x, laterals[i]!))
  })
}

/**
 * A level to which no link leads is zero, and of a level that no link reads the loss would not depend, nor on the last stage of the
 * backbone. Both take part as zero times the lateral of their level, so that every genotype is a network that can be trained.
 */
function withLateral({ graph }: LayerContext, x: Value | undefined, lateral: Value): Value {
  const zero = mul(graph, lateral, graph.scalar(0))
  return x === undefined ? zero : add(graph, x, zero)
}
