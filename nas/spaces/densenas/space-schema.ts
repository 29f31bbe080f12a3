import { closest } from 'fastest-levenshtein'
import { z } from 'zod'
import { count, countOrNone } from '../../bounds.ts'
import { OPERATIONS, oneOf, widthSchema } from './genotype.ts'
import { DENSENAS_SPACES } from './presets.ts'
import type { DenseNasSpace, Stage } from './space.ts'

export type PresetName = keyof typeof DENSENAS_SPACES
const PRESETS = Object.keys(DENSENAS_SPACES) as PresetName[]

/** Candidates that give a layer the width of its block: a `bottle_neck` gives four times as many channels. */
const CANDIDATES = OPERATIONS.filter((operation) => operation !== 'bottle_neck')

/** The spaces of the paper have 22 at most (Table 1); all operations of each are counted, and trained, one by one. */
const MOST_BLOCKS = 64

const stageSchema = z
  .strictObject({
    stride: count(1024).describe('input pixels a feature pixel'),
    widths: z
      .array(widthSchema)
      .min(1)
      .max(MOST_BLOCKS)
      .readonly()
      .describe('channels of its blocks, increasing'),
    layers: countOrNone(8).describe('stacking layers of each of its blocks'),
  })
  .readonly()

/** A user-defined space (section 3.1). Its first stage is the fixed block after the stem. */
export const denseNasSpaceSchema: z.ZodType<DenseNasSpace> = z
  .strictObject({
    operations: z
      .array(oneOf(CANDIDATES))
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'an operation is named twice')
      .readonly()
      .describe('candidates of a head layer; a stacking layer can be skipped, too'),
    stages: z
      .array(stageSchema)
      .min(2, { abort: true })
      .max(MOST_BLOCKS)
      .superRefine(checkStages)
      .readonly()
      .describe('in the order of their resolutions; the first is the fixed block after the stem'),
    reach: count(8).describe('m: how many blocks further a connection reaches'),
    last: widthSchema.describe('width of the 1x1 convolution before the classifier'),
  })
  .readonly()

function checkStages(stages: readonly Stage[], context: z.RefinementCtx): void {
  const wrong = (stage: number, message: string) =>
    context.addIssue({ code: 'custom', path: [stage], message })
  const [first] = stages
  if (first!.stride !== 2 || first!.widths.length !== 1 || first!.layers !== 0)
    wrong(0, 'the first stage is the fixed block: stride 2, one width, 0 layers')
  for (const [i, { stride }] of stages.entries()) {
    const before = stages[i - 1]?.stride ?? stride
    if (stride !== before && stride !== 2 * before)
      wrong(i, `stride ${stride} neither equals nor doubles that of the stage before, ${before}`)
  }
  const widths = stages.flatMap(({ widths }, stage) => widths.map((width) => ({ stage, width })))
  if (widths.length > MOST_BLOCKS)
    wrong(stages.length - 1, `${widths.length} blocks, where ${MOST_BLOCKS} are the most`)
  for (const [i, { stage, width }] of widths.entries())
    if (i > 0 && width <= widths[i - 1]!.width)
      wrong(stage, `width ${width} is not more than that of the block before, ${widths[i - 1]!.width}`)
}

/** The name of a space that Trellis knows. */
export const presetSchema = z.enum(PRESETS, {
  error: ({ input }) =>
    `there is no space ${JSON.stringify(input)}; the nearest is ${closest(String(input), PRESETS)}`,
})
