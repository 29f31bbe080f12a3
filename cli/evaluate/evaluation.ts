import { z } from 'zod'
import { RESAMPLES } from '../../nas/metrics/bootstrap.ts'
import { hashSchema } from '../../nas/runs/contract.ts'
import { unit } from '../../nas/tasks/result.ts'
import {
  differenceOf,
  differenceSchema,
  isWithinNoise,
  meanTestScore,
  type TestScore,
} from '../../nas/tasks/test-score.ts'

/** A network, or several taken together. */
const networkSchema = z
  .strictObject({
    name: z.string(),
    kind: z.enum(['found', 'baseline', 'mean of baselines']).describe('found: by the search'),
    trials: z
      .array(z.strictObject({ seed: z.int(), trial: hashSchema, score: unit }).readonly())
      .readonly()
      .describe('one a seed; none of several networks'),
    score: unit.describe('mean over the seeds'),
    low: unit.describe('lower end of the interval'),
    high: unit.describe('upper end of the interval'),
    toFirst: differenceSchema
      .unwrap()
      .extend({ withinNoise: z.boolean().describe('whether its interval includes 0') })
      .nullable()
      .describe('difference of its score to that of the first network, paired; null for the first'),
  })
  .readonly()
export type EvaluatedNetwork = z.infer<typeof networkSchema>

/** What `trellis evaluate --json` prints. */
export const evaluationSchema = z
  .strictObject({
    run: z.string(),
    dataset: z.strictObject({ source: z.string(), fingerprint: z.string() }).readonly(),
    split: z.enum(['train', 'validation', 'test']),
    images: z.int().positive().describe('that have labels'),
    score: z.string().describe('what the score is: mIoU or top-1'),
    interval: z
      .strictObject({ level: z.literal(0.95), resamples: z.literal(RESAMPLES), over: z.literal('images') })
      .readonly()
      .describe('percentile bootstrap; of several seeds, of their mean on each resample'),
    networks: z.array(networkSchema).min(1).readonly().describe('the one found, then the baselines'),
  })
  .readonly()
export type Evaluation = z.infer<typeof evaluationSchema>

/** The scores of a network, or of several, with a score for each trial. */
export interface Scored extends Pick<EvaluatedNetwork, 'name' | 'kind' | 'trials'> {
  readonly test: TestScore
}

/** Several networks taken together. */
export const together = (name: string, scored: readonly Scored[]): Scored => ({
  name,
  kind: 'mean of baselines',
  trials: [],
  test: meanTestScore(scored.map(({ test }) => test))!,
})

export const evaluated = ({ test, ...network }: Scored, first: TestScore): EvaluatedNetwork => {
  const { score, low, high } = test
  const difference = differenceOf(test, first)
  return {
    ...network,
    ...{ score, low, high },
    toFirst: test === first ? null : { ...difference, withinNoise: isWithinNoise(difference) },
  }
}
