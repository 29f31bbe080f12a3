import { z } from 'zod'
import { count } from '../../bounds.ts'
import { TrellisError } from '../../errors.ts'
import { WORDS } from '../../words.ts'

export const SPACE = 'topformer'

/** Wider than any network of the paper by an order of magnitude, and what a layer's multiply-adds still hold exactly. */
const width = count(4096)
const depth = count(16)
const ratio = z.number().min(0.1).max(16)

const convolutionStageSchema = z
  .strictObject({
    width: width.describe('output channels of each of its blocks'),
    depth: depth.describe('blocks; the first has the stride of the stage'),
    kernel: z
      .literal([3, 5, 7], {
        error: ({ input }) => `${JSON.stringify(input)} is not one of the kernels 3, 5, 7`,
      })
      .describe('side of its depthwise convolutions'),
    expansion: count(16).describe('channels within a block, to those of its input'),
  })
  .readonly()

const transformerStageSchema = z
  .strictObject({
    heads: count(64),
    keyDim: count(1024).describe('channels of queries and of keys, a head'),
    attentionRatio: ratio.describe('channels of values to those of keys; their product is rounded down'),
    mlpRatio: ratio.describe('hidden channels of a feed-forward layer to those of tokens, rounded down'),
    depth: depth.describe('blocks of attention and feed-forward layer'),
  })
  .readonly()

/** MBConv-1 to MBConv-5, and ViT-1 to ViT-4 (Table 1). */
export const CONVOLUTION_STAGES = 5
export const TRANSFORMER_STAGES = 4

const exactly = <T extends z.ZodType>(stage: T, stages: number) =>
  z
    .array(stage)
    .length(stages, { error: `there are not ${stages}` })
    .readonly()

/**
 * A network of the space of Efficient-TopFormer (section 3.1, Table 1): convolutions that give a pyramid of tokens, a
 * transformer over the tokens of all scales, and the width at which its semantics are injected into each scale.
 * All blocks of a stage are alike.
 */
export const topformerGenotypeSchema = z
  .strictObject({
    space: z.literal(SPACE),
    version: z.literal(1),
    stem: width,
    convolutions: exactly(convolutionStageSchema, CONVOLUTION_STAGES),
    transformers: exactly(transformerStageSchema, TRANSFORMER_STAGES),
    injection: width.describe('channels of injected semantics and of the head'),
  })
  .readonly()

export type TopformerGenotype = z.infer<typeof topformerGenotypeSchema>
export type ConvolutionStage = TopformerGenotype['convolutions'][number]
export type TransformerStage = TopformerGenotype['transformers'][number]

/** @throws TrellisError `invalid-genotype` naming the first offending stage, counted from 0. */
export function parseTopformerGenotype(value: unknown): TopformerGenotype {
  const parsed = topformerGenotypeSchema.safeParse(value, WORDS)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  const where = ['Efficient-TopFormer network', path.join('.')].filter((part) => part !== '').join(', ')
  throw new TrellisError('invalid-genotype', `${where}: ${message}`, {
    fix: `give a stem, ${CONVOLUTION_STAGES} stages of convolutions with width, depth, kernel and expansion, ${TRANSFORMER_STAGES} transformer stages with heads, keyDim, attentionRatio, mlpRatio and depth, and the width of injection`,
    cause: parsed.error,
  })
}
