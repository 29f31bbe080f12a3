import type { ComparedCell, Rerank } from '../../nas/pipelines/dpc/comparison.ts'
import { isRanked, type Ranked, type Tried, type Unranked } from '../../nas/pipelines/dpc/leaderboard.ts'
import { ordinal } from '../format.ts'
import { COLOURS } from '../plot.ts'

export const scored = (tried: readonly Tried[]): readonly Ranked[] => tried.filter(isRanked)

export const failed = (tried: readonly Tried[]): readonly Unranked[] =>
  tried.filter((each): each is Unranked => !isRanked(each))

/** Reasons of failed trials with how often each occurred, most frequent first. */
export function failureReasons(
  tried: readonly Tried[],
): readonly (readonly [reason: string, times: number])[] {
  const times = new Map<string, number>()
  for (const { reason } of failed(tried)) times.set(reason, (times.get(reason) ?? 0) + 1)
  return [...times].sort(([, a], [, b]) => b - a)
}

/** A cell that was trained in full, with a short name unlike all others. */
export interface Contestant extends ComparedCell {
  readonly name: string
  readonly isWinner: boolean
  /** Scores of the seeds whose training succeeded. */
  readonly seeds: readonly number[]
}

/** Best first, by the mean over seeds; those with a failed training last. */
export function contestants({ contenders, winner }: Rerank): readonly Contestant[] {
  let random = 0
  const nameOf = ({ role, proxy }: ComparedCell) => {
    if (role === 'aspp') return 'ASPP'
    if (role === 'random' || !proxy) return `random ${++random}`
    return `${ordinal(proxy.rank)} by proxy`
  }
  return contenders
    .map((contender) => ({
      ...contender,
      name: nameOf(contender),
      isWinner: contender.trials.some(({ trial }) => trial === winner.trial),
      seeds: contender.trials.flatMap(({ score }) => score ?? []),
    }))
    .sort((a, b) => (b.score ?? -1) - (a.score ?? -1))
}

export const isBaseline = ({ role }: ComparedCell): boolean => role !== 'searched'

export const colourOf = (contestant: Contestant): string =>
  contestant.isWinner ? COLOURS.winner : isBaseline(contestant) ? COLOURS.baseline : COLOURS.trial
