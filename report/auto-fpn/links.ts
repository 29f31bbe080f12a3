import type { AutoFpnGenotype } from '../../nas/spaces/auto-fpn/genotype.ts'
import { liveOf } from '../../nas/spaces/auto-fpn/live.ts'

/** '21 + 20': of the neck and of the head, the links that have an operator and change what is found. */
export function linksInWords(genotype: AutoFpnGenotype): string {
  const { neck, head } = liveOf(genotype)
  return [neck?.layers, head?.cells].map((links) => (links === undefined ? '–' : usedOf(links))).join(' + ')
}

const usedOf = (links: readonly (readonly string[])[]): string =>
  String(links.flat().filter((operator) => operator !== 'none').length)
