import type { Compared } from '../../nas/runs/comparison.ts'
import type { Leads } from '../../nas/runs/leads.ts'
import { COLOURS } from '../plot.ts'
import { type BaselineGroup, type BaselineNames, groupBaselines } from './baselines.ts'
import { type NamedLead, namedLeads } from './leads.ts'

/** `found`: a candidate of the search that is not the winner. A baseline may be the very network of the winner, and still is one. */
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
  /** Of the winner, on the test images; empty where there are none. */
  readonly leads: readonly NamedLead[]
}

/** What the record of a comparison stores, whatever the pipeline. */
interface Comparison<C extends ComparedAs> {
  /** In the order in which they were chosen. */
  readonly contenders: readonly C[]
  /** Its best trial. */
  readonly winner: { readonly trial: string }
  readonly leads?: Leads | undefined
}

/** How a pipeline names what it compares. */
export interface CandidateNames<C extends ComparedAs> {
  /** @param n from 1, among those of its role in the order in which they were chosen */
  readonly nameOf: (candidate: C, n: number) => string
  /** Every other role is one of the search. */
  readonly baselines: BaselineNames
}

export function rank<C extends ComparedAs>(
  { contenders, winner, leads = [] }: Comparison<C>,
  { nameOf, baselines }: CandidateNames<C>,
): Ranking<C> {
  const kindOf = ({ role, trials }: C): CandidateKind => {
    if (role in baselines) return 'baseline'
    return trials.some(({ trial }) => trial === winner.trial) ? 'winner' : 'found'
  }
  const named = contenders.map((each, i): Candidate<C> => {
    const n = 1 + contenders.slice(0, i).filter(({ role }) => role === each.role).length
    const seeds = each.trials.flatMap(({ score }) => score ?? [])
    return { ...each, name: nameOf(each, n), kind: kindOf(each), seeds }
  })
  const candidates = named.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1))
  return {
    candidates,
    winner: candidates.find(({ kind }) => kind === 'winner'),
    baselines: groupBaselines(candidates, baselines),
    leads: namedLeads(leads, baselines),
  }
}
