import { z } from 'zod'
import { count } from '../../bounds.ts'
import { TrellisError } from '../../errors.ts'
import { nearest } from '../../nearest.ts'
import { WORDS } from '../../words.ts'
import { CELL_LINKS, type Link, layerLinks } from './links.ts'
import { HEAD_OPERATORS, NECK_OPERATORS } from './operators.ts'

export const SPACE = 'auto-fpn'

/** SSD512 has seven levels, the most of any detector in the paper; it has two layers and two cells. */
export const MOST_LEVELS = 8
const MOST_LAYERS = 16
const MOST_CELLS = 16

const oneOf = <const T extends string>(operators: readonly T[]) =>
  z.enum(operators, {
    error: ({ input }) => {
      const meant = nearest(String(input), operators)
      return `there is no operator ${JSON.stringify(input)}; ${meant === undefined ? `there are ${operators.join(', ')}` : `the nearest is ${meant}`}`
    },
  })

const neckSchema = z
  .strictObject({
    levels: count(MOST_LEVELS),
    layers: z
      .array(z.array(oneOf(NECK_OPERATORS)).readonly())
      .min(1)
      .max(MOST_LAYERS)
      .readonly(),
  })
  .superRefine(({ levels, layers }, context) => {
    for (const [i, { length }] of layers.entries())
      if (length !== levels ** 2)
        context.addIssue({
          code: 'custom',
          path: ['layers', i],
          message: `has ${length} operators, where ${levels} levels have ${levels ** 2} links`,
        })
  })
  .readonly()

const headSchema = z
  .strictObject({
    cells: z
      .array(
        z
          .array(oneOf(HEAD_OPERATORS))
          .length(CELL_LINKS.length, {
            error: ({ input }) =>
              `has ${(input as readonly unknown[]).length} operators, where a cell has ${CELL_LINKS.length} links`,
          })
          .readonly(),
      )
      .min(1)
      .max(MOST_CELLS)
      .readonly(),
  })
  .readonly()

/**
 * What a search in the space of Auto-FPN finds: a neck, a head, or both; what is absent is FPN's. A layer of the neck has an operator
 * for every pair of levels, in the order of {@link layerLinks}; a cell of the head has one for every link of {@link CELL_LINKS}.
 */
export const autoFpnGenotypeSchema = z
  .strictObject({
    space: z.literal(SPACE),
    version: z.literal(1),
    neck: neckSchema.optional(),
    head: headSchema.optional(),
  })
  .refine(({ neck, head }) => neck !== undefined || head !== undefined, 'has neither a neck nor a head')
  .readonly()

export type AutoFpnGenotype = z.infer<typeof autoFpnGenotypeSchema>
export type NeckGenotype = z.infer<typeof neckSchema>
export type HeadGenotype = z.infer<typeof headSchema>

/** @throws TrellisError `invalid-genotype` naming the first layer or cell that is not in the space, and the link, counted from 0 */
export function parseAutoFpnGenotype(value: unknown): AutoFpnGenotype {
  const parsed = autoFpnGenotypeSchema.safeParse(value, WORDS)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new TrellisError(
    'invalid-genotype',
    `${['Auto-FPN', ...where(path, value)].join(', ')}: ${message}`,
    {
      fix: 'give the neck an operator for every pair of levels in each layer, and the head one for every link of each cell',
      cause: parsed.error,
    },
  )
}

/** ['neck', 'layer 0', 'from level 1 to level 3'] */
function where(
  [part, list, index, link, ...rest]: readonly PropertyKey[],
  value: unknown,
): readonly string[] {
  if (part === undefined) return []
  if (list === undefined) return [String(part)]
  if (index === undefined) return [String(part), String(list)]
  const place = [String(part), `${String(list).slice(0, -1)} ${String(index)}`]
  if (typeof link !== 'number') return place
  return [...place, describe(linkOf(String(part), link, value), String(part)), ...rest.map(String)]
}

const linkOf = (part: string, index: number, value: unknown): Link | undefined =>
  part === 'neck'
    ? layerLinks((value as { readonly neck: { readonly levels: number } }).neck.levels)[index]
    : CELL_LINKS[index]

const describe = (link: Link | undefined, part: string): string =>
  link === undefined
    ? 'one link too many'
    : part === 'neck'
      ? `from level ${link.source} to level ${link.target}`
      : `from ${link.source} to node ${link.target}`
