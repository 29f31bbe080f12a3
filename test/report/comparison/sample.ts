import type { Compared } from '../../../nas/runs/comparison.ts'
import { type CandidateNames, rank } from '../../../report/comparison/ranking.ts'
import type { ComparisonWords } from '../../../report/comparison/words.ts'

/** What a pipeline that Trellis does not have would compare. */
export interface Detector extends Compared {
  readonly role: 'elite' | 'fpn' | 'random'
  readonly levels: readonly number[]
  readonly latency: number | null
}

export const WORDS: ComparisonWords = {
  noun: 'detector',
  winner: 'the best detector',
  score: 'AP',
  seedsKey: 'finalists.seeds',
}

export const NAMES: CandidateNames<Detector> = {
  nameOf: ({ role }, n) => (role === 'fpn' ? 'FPN' : `${role} ${n}`),
  baselines: {
    fpn: () => 'FPN',
    random: (n) => (n === 1 ? 'a random detector' : `the mean of ${n} random detectors`),
  },
}

/** Trained with a seed for each score; one that is null failed. */
export function detector(
  role: Detector['role'],
  scores: readonly (number | null)[],
  own: Partial<Detector> = {},
): Detector {
  const succeeded = scores.filter((score) => score !== null)
  const failed = succeeded.length < scores.length
  return {
    role,
    levels: [3, 4, 5],
    latency: failed ? null : 0.25,
    score: failed ? null : succeeded.reduce((sum, score) => sum + score, 0) / succeeded.length,
    parameters: failed ? null : 4_000_000,
    multiplyAdds: failed ? null : 9_000_000,
    trials: scores.map((score, seed) => ({
      seed,
      trial: `${role} ${scores.join(' ')} ${seed}`,
      ...(score === null ? { score, reason: 'the loss is NaN' } : { score }),
    })),
    ...own,
  }
}

/** The first is the winner. */
export const ranked = (winner: Detector, ...others: readonly Detector[]) =>
  rank({ contenders: [winner, ...others], winner: winner.trials[0]! }, NAMES)
