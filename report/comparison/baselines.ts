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

interface Trained extends Baseline {
  readonly trials: readonly { readonly score: number | null }[]
}

/** What was found, beside the baselines. */
interface Compared {
  readonly winner: Trained | undefined
  readonly baselines: readonly BaselineGroup<Trained>[]
}

/**
 * Whether the ranges of scores over seeds overlap, of the winner and of the baselines: their difference may then come from seeds alone.
 * False with one seed, which has no range.
 */
export function seedsOverlap(winner: Pick<Trained, 'trials'>, baselines: readonly Trained[]): boolean {
  const [seeds, others] = [seedsOf(winner), baselines.flatMap(seedsOf)]
  return (
    seeds.length > 1 && Math.min(...seeds) <= Math.max(...others) && Math.min(...others) <= Math.max(...seeds)
  )
}

const seedsOf = ({ trials }: Pick<Trained, 'trials'>): readonly number[] =>
  trials.flatMap(({ score }) => score ?? [])

/** By how much the winner leads each role of baselines: '+1.78 to ASPP, seeds overlap', '+4.54 to a random cell'. */
export const margins = (compared: Compared): readonly string[] =>
  inWords(compared, (by, name) => `${by} to ${name}`)

/** The same as part of a sentence: '+1.78 points against ASPP, seeds overlap, and +4.54 points against a random cell'. */
export const lead = (compared: Compared): string =>
  LIST.format(inWords(compared, (by, name) => `${by} points against ${name}`))

function inWords({ winner, baselines }: Compared, words: (by: string, name: string) => string) {
  const score = winner?.score ?? null
  if (!winner || score === null) return []
  return baselines.map((group) => {
    const overlap = seedsOverlap(winner, group.baselines) ? ', seeds overlap' : ''
    return `${words(difference(score - group.score), group.name)}${overlap}`
  })
}

const LIST = new Intl.ListFormat('en-US')
