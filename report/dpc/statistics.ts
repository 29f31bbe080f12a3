import { isRanked, type Ranked, type Tried, type Unranked } from '../../nas/pipelines/dpc/leaderboard.ts'

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
