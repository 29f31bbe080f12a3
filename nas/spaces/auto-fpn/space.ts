import { isDeepStrictEqual } from 'node:util'
import { contentHash } from '../../hash.ts'
import type { Random } from '../../random.ts'
import type { Space } from '../space.ts'
import { type AutoFpnGenotype, autoFpnGenotypeSchema, SPACE } from './genotype.ts'
import { CELL_LINKS, layerLinks } from './links.ts'
import { liveOf } from './live.ts'
import { HEAD_OPERATORS, NECK_OPERATORS } from './operators.ts'

/** What is searched: Auto-fusion (section 3.2), Auto-head (section 3.3), or both; null for FPN's. */
export interface AutoFpnDimensions {
  readonly neck: { readonly levels: number; readonly layers: number } | null
  readonly head: { readonly cells: number } | null
}

/** Section 4.1: L = 2 and M = 2. */
export const PUBLISHED: AutoFpnDimensions = { neck: { levels: 4, layers: 2 }, head: { cells: 2 } }

/** How many links have an operator: L n² of a neck of n levels, 14 M of a head. */
const linksOf = ({ neck, head }: AutoFpnDimensions) => ({
  neck: neck === null ? 0 : neck.layers * neck.levels ** 2,
  head: head === null ? 0 : head.cells * CELL_LINKS.length,
})

/** 8^(L n²) necks, 7.9e28 for the paper's; 8^(14 M) heads, 1.9e25. */
export function spaceSize(dimensions: AutoFpnDimensions): { readonly necks: bigint; readonly heads: bigint } {
  const links = linksOf(dimensions)
  return {
    necks: BigInt(NECK_OPERATORS.length) ** BigInt(links.neck),
    heads: BigInt(HEAD_OPERATORS.length) ** BigInt(links.head),
  }
}

/** All necks and heads of a size, with an operator of every link as a gene. */
export function autoFpnSpace(dimensions: AutoFpnDimensions = PUBLISHED): Space<AutoFpnGenotype> {
  const { necks, heads } = spaceSize(dimensions)
  const links = linksOf(dimensions)
  return {
    name: SPACE,
    schema: autoFpnGenotypeSchema.refine(
      (genotype) => isDeepStrictEqual(dimensionsIn(genotype), dimensions),
      {
        error: `is not of the space: ${describe(dimensions)}`,
      },
    ),
    size: necks * heads,
    genes: links.neck + links.head,
    sample: (rng) => mapOperators(blank(dimensions), (operators) => rng.pick(operators)),
    mutate: (genotype, rng, genes = 1) => mutate(genotype, rng, genes),
    key: (genotype) => contentHash(liveOf(genotype)),
  }
}

/** Of the smallest space that holds a genotype. */
export const dimensionsIn = ({ neck, head }: AutoFpnGenotype): AutoFpnDimensions => ({
  neck: neck === undefined ? null : { levels: neck.levels, layers: neck.layers.length },
  head: head === undefined ? null : { cells: head.cells.length },
})

const describe = ({ neck, head }: AutoFpnDimensions): string =>
  [
    neck === null ? 'no neck' : `a neck of ${neck.layers} layers over ${neck.levels} levels`,
    head === null ? 'no head' : `a head of ${head.cells} cells`,
  ].join(', ')

/** The one without a link. */
const blank = ({ neck, head }: AutoFpnDimensions): AutoFpnGenotype => ({
  space: SPACE,
  version: 1,
  ...(neck && {
    neck: {
      levels: neck.levels,
      layers: Array.from({ length: neck.layers }, () => layerLinks(neck.levels).map(() => 'none' as const)),
    },
  }),
  ...(head && {
    head: { cells: Array.from({ length: head.cells }, () => CELL_LINKS.map(() => 'none' as const)) },
  }),
})

/** Changes operators one by one, in a fixed order. */
function mapOperators(
  { neck, head, ...rest }: AutoFpnGenotype,
  change: <O extends string>(candidates: readonly O[], present: O) => O,
): AutoFpnGenotype {
  return {
    ...rest,
    ...(neck && {
      neck: {
        ...neck,
        layers: neck.layers.map((layer) => layer.map((operator) => change(NECK_OPERATORS, operator))),
      },
    }),
    ...(head && {
      head: { cells: head.cells.map((cell) => cell.map((operator) => change(HEAD_OPERATORS, operator))) },
    }),
  }
}

function mutate(genotype: AutoFpnGenotype, rng: Random, genes: number): AutoFpnGenotype {
  const { neck, head } = genotype
  const places = [...[...(neck?.layers ?? []), ...(head?.cells ?? [])].flat().keys()]
  if (genes > places.length) throw new RangeError(`change ${genes} genes of ${places.length}`)
  const chosen = new Set(rng.shuffle(places).slice(0, genes))
  let next = 0
  return mapOperators(genotype, (candidates, present) =>
    chosen.has(next++) ? rng.pick(candidates.filter((operator) => operator !== present)) : present,
  )
}
