import { closest } from 'fastest-levenshtein'
import { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import { WORDS } from '../../words.ts'

/**
 * Operations that a layer of a network can have, by the names of the released code: MBConv by kernel and expansion
 * (Table 1, and the fixed second layer), and the residual blocks of the ResNet-like networks.
 */
export const OPERATIONS = [
  'mbconv_k3_t1',
  'mbconv_k3_t3',
  'mbconv_k3_t6',
  'mbconv_k5_t1',
  'mbconv_k5_t3',
  'mbconv_k5_t6',
  'mbconv_k7_t1',
  'mbconv_k7_t3',
  'mbconv_k7_t6',
  'basic_block',
  'bottle_neck',
] as const

export type Operation = (typeof OPERATIONS)[number]

/** The candidate of stacking layers that removes the layer (section 3.1.1). */
export const SKIP = 'skip_connect'

/** A schema of words, whose error names the word that is nearest to the given one. */
export const oneOf = <const T extends string>(words: readonly T[]) =>
  z.enum(words, {
    error: ({ input }) =>
      `there is no operation ${JSON.stringify(input)}; the nearest is ${closest(String(input), words)}`,
  })

const noWidth = ({ input }: { readonly input?: unknown }) =>
  `${JSON.stringify(input)} is no number of channels`

/** Ten times as many as any network of the paper has. */
const MOST_BLOCKS = 128
const MOST_LAYERS = 16

/** Beyond it, the multiply-adds of a layer are more than a number holds exactly. */
const WIDEST = 65_536

export const widthSchema = z
  .int({ error: noWidth })
  .positive({ error: noWidth })
  .max(WIDEST, { error: noWidth })

export const strideSchema = z.literal([1, 2], {
  error: ({ input }) => `${JSON.stringify(input)} is neither 1 nor 2`,
})

const blockSchema = z
  .strictObject({
    width: widthSchema,
    stride: strideSchema,
    head: oneOf(OPERATIONS),
    stack: z.array(oneOf(OPERATIONS)).max(MOST_LAYERS).readonly(),
  })
  .readonly()

/**
 * A network derived from the space of DenseNAS (arXiv 1906.09607): the blocks on its path, from the first that follows
 * the stem, a 3x3 convolution of stride 2. Widths are numbers of channels; a `bottle_neck` gives four times as many.
 * `last` is the width of the 1x1 convolution before the classifier, null where there is none.
 */
export const denseNasGenotypeSchema = z
  .strictObject({
    space: z.literal('densenas'),
    version: z.literal(1),
    stem: widthSchema,
    blocks: z.array(blockSchema).min(1, { error: 'there are none' }).max(MOST_BLOCKS).readonly(),
    last: widthSchema.nullable(),
  })
  .readonly()

export type DenseNasGenotype = z.infer<typeof denseNasGenotypeSchema>
export type DenseNasBlock = DenseNasGenotype['blocks'][number]

/** @throws TrellisError `invalid-genotype` naming the first offending block, counted from 0. */
export function parseDenseNasGenotype(value: unknown): DenseNasGenotype {
  const parsed = denseNasGenotypeSchema.safeParse(value, WORDS)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  const where = ['DenseNAS network', path.join('.')].filter((part) => part !== '').join(', ')
  throw new TrellisError('invalid-genotype', `${where}: ${message}`, {
    fix: 'give each block a width, a stride, a head operation and its stacking operations',
    cause: parsed.error,
  })
}
