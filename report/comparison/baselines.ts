import { mean } from 'simple-statistics'
import { difference } from '../format.ts'

/** By the role of baselines, the name of `n` of them taken together: 'ASPP', 'the mean of 5 random cells'. */
export type BaselineNames<Role extends string = string> = Readonly<Record<Role, (n: number) => string>>

interface Baseline {
  readonly role: string
  readonly score: number | null
}

/** Baselines of one role that could be trained. */
export interface BaselineGroup<B extends Baseline = Baseline> {
  readonly name: string
  /** Mean over its baselines. */
  readonly score: number
  readonly baselines: readonly B[]
}

/** In the order of their names. Candidates of other roles are left out, and so is a role without any score. */
export function groupBaselines<B extends Baseline>(
  candidates: readonly B[],
  names: BaselineNames,
): readonly BaselineGroup<B>[] {
  const scored = candidates.flatMap((each) =>
    each.score === null ? [] : [{ baseline: each, score: each.score }],
  )
  return Object.entries(names).flatMap(([role, nameOf]) => {
    const group = scored.filter(({ baseline }) => baseline.role === role)
    if (group.length === 0) return []
    return [
      {
        name: nameOf(group.length),
        score: mean(group.map(({ score }) => score)),
        baselines: group.map(({ baseline }) => baseline),
      },
    ]
  })
}

/** By how much a score leads each role of baselines: '+1.78 to ASPP', '+4.54 to a random cell'. */
export const margins = (
  score: number,
  baselines: readonly Baseline[],
  names: BaselineNames,
): readonly string[] =>
  groupBaselines(baselines, names).map((group) => `${difference(score - group.score)} to ${group.name}`)

/** The same as part of a sentence: '+1.78 points against ASPP and +4.54 points against a random cell'. */
export const lead = (score: number, groups: readonly BaselineGroup[]): string =>
  LIST.format(groups.map((group) => `${difference(score - group.score)} points against ${group.name}`))

const LIST = new Intl.ListFormat('en-US')
