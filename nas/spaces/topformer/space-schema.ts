import { closest } from 'fastest-levenshtein'
import { z } from 'zod'
import { count } from '../../bounds.ts'
import { CONVOLUTION_STAGES, TRANSFORMER_STAGES } from './genotype.ts'
import { TOPFORMER_SPACES } from './presets.ts'
import type { TopformerSpace } from './space.ts'

export type PresetName = keyof typeof TOPFORMER_SPACES
const PRESETS = Object.keys(TOPFORMER_SPACES) as PresetName[]

/** A search tries each of them in every stage: more would never all be tried. */
const MOST_CHOICES = 64

const choices = <N extends z.ZodType<number>>(number: N) =>
  z
    .array(number)
    .min(1)
    .max(MOST_CHOICES)
    .refine(
      (list) => list.every((each, i) => i === 0 || list[i - 1]! < each),
      'name them in increasing order',
    )
    .readonly()

const ratio = z.number().min(0.1).max(16)
const width = choices(count(4096))
const depth = choices(count(16))

/** A space of one's own: lists of what can be chosen, as in Table 1. */
export const topformerSpaceSchema: z.ZodType<TopformerSpace> = z
  .strictObject({
    stem: width.describe('channels of the first convolution'),
    convolutions: z
      .array(
        z
          .strictObject({
            width: width.describe('channels'),
            depth: depth.describe('blocks'),
            kernel: choices(z.literal([3, 5, 7])).describe('sides of depthwise convolutions'),
            expansion: choices(count(16))
              .refine(
                ([least, ...others]) => least! > 1 || others.length === 0,
                'a block of expansion 1 lacks the convolution whose filters larger ones share: give 1 alone, or numbers from 2 on',
              )
              .describe('channels within a block, to those of its input'),
          })
          .readonly(),
      )
      .length(CONVOLUTION_STAGES)
      .readonly()
      .describe('of MBConv-1 to MBConv-5'),
    transformers: z
      .array(
        z
          .strictObject({
            heads: choices(count(64)),
            keyDim: choices(count(1024)).describe('channels of a key, a head'),
            attentionRatio: choices(ratio).describe('channels of values to those of keys'),
            mlpRatio: choices(ratio).describe('hidden channels to those of tokens'),
            depth: depth.describe('blocks'),
          })
          .readonly(),
      )
      .length(TRANSFORMER_STAGES)
      .readonly()
      .describe('of ViT-1 to ViT-4'),
    injection: count(4096).describe('channels of injected semantics, which is not searched'),
  })
  .readonly()

/** The name of a space that Trellis knows. */
export const presetSchema = z.enum(PRESETS, {
  error: ({ input }) =>
    `there is no space ${JSON.stringify(input)}; the nearest is ${closest(String(input), PRESETS)}`,
})
