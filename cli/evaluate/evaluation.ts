import type { z } from 'zod'
import { differenceOf, isWithinNoise, meanTestScore, type TestScore } from '../../nas/tasks/test-score.ts'
import type { evaluationJson } from '../json.ts'

export type Evaluation = z.infer<typeof evaluationJson>
export type EvaluatedNetwork = Evaluation['networks'][number]

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
