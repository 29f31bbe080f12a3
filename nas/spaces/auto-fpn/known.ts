import { type AutoFpnGenotype, SPACE } from './genotype.ts'
import { type Link, layerLinks } from './links.ts'
import type { NeckOperator } from './operators.ts'

const LEVELS = 4

const neckOf = (...layers: readonly ((link: Link) => NeckOperator)[]): AutoFpnGenotype => ({
  space: SPACE,
  version: 1,
  neck: { levels: LEVELS, layers: layers.map((operatorOf) => layerLinks(LEVELS).map(operatorOf)) },
})

const alongside =
  (operator: NeckOperator) =>
  ({ source, target }: Link): NeckOperator =>
    source === target ? operator : 'none'

/** Every level gets all that are coarser, at once: what a top-down path adds up level by level. */
const topDown = ({ source, target }: Link): NeckOperator => (source >= target ? 'identity' : 'none')

const bottomUp = ({ source, target }: Link): NeckOperator => (source <= target ? 'sep_conv_3x3' : 'none')

/**
 * Necks from the literature as connection patterns of the space (Fig. 2), for four levels. Their 3x3 convolutions are separable here:
 * O_N has none over all channels.
 */
export const KNOWN_NECKS = {
  'ssd-neck': neckOf(alongside('identity'), alongside('identity')),
  'fpn-neck': neckOf(topDown, alongside('sep_conv_3x3')),
  'panet-neck': neckOf(topDown, bottomUp),
} as const satisfies Record<string, AutoFpnGenotype>
