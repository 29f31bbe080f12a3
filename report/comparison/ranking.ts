import type { Compared } from '../../nas/runs/comparison.ts'
import { COLOURS } from '../plot.ts'
import { type BaselineGroup, type BaselineNames, groupBaselines } from './baselines.ts'

/** `found`: a candidate of the search that is not the winner. */
export type CandidateKind = 'winner' | 'found' | 'baseline'

export const KIND_COLOURS: Readonly<Record<CandidateKind, string>> = {
  winner: COLOURS.winner,
  found: COLOURS.trial,
  baseline: COLOURS.baseline,
}

/** What a pipeline's comparison stores of a candidate. */
export type ComparedAs = Compared & { readonly role: string }

/** A candidate or a baseline as a report shows it. */
export type Candidate<C extends ComparedAs = ComparedAs> = C & {
  /** Short, and unlike all others. */
  readonly name: string
  readonly kind: CandidateKind
  /** Scores of the seeds whose training succeeded. */
  readonly seeds: readonly number[]
}

export interface Ranking<C extends ComparedAs = ComparedAs> {
  /** Best first, by the mean over seeds; those with a failed training last. */
  readonly candidates: readonly Candidate<C>[]
  /** Undefined where none of the candidates has the winning trial. */
  readonly winner: Candidate<C> | undefined
  readonly baselines: readonly BaselineGroup<Candidate<C>>[]
}

/** How a pipeline names what it compares. */
export interface CandidateNames<C extends ComparedAs> {
  /** @param n from 1, among those of its role in the order in which they were chosen */
  readonly nameOf: (candidate: C, n: number) => string
  /** Every other role is one of the search. */
  readonly baselines: BaselineNames
}

/**
 * @param compared in the order in which they were chosen
 * @param winningTrial the best trial of the winner
 */
export function rank<C extends ComparedAs>(
  compared: readonly C[],
  winningTrial: string,
  { nameOf, baselines }: CandidateNames<C>,
): Ranking<C> {
  const kindOf = ({ role, trials }: C): CandidateKind => {
    if (trials.some(({ trial }) => trial === winningTrial)) return 'winner'
    return role in baselines ? 'baseline' : 'found'
  }
  const named = compared.map((each, i): Candidate<C> => {
    const n = 1 + compared.slice(0, i).filter(({ role }) => role === each.role).length
    const seeds = each.trials.flatMap(({ score }) => score ?? [])
    return { ...each, name: nameOf(each, n), kind: kindOf(each), seeds }
  })
  const candidates = named.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1))
  return {
    candidates,
    winner: candidates.find(({ kind }) => kind === 'winner'),
    baselines: groupBaselines(candidates, baselines),
  }
}
