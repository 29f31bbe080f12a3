import { isWithinNoise } from '../../nas/tasks/test-score.ts'
import { counted, difference, points } from '../format.ts'
import { type Note, remark, warning } from '../note.ts'
import { withSpread } from '../spread.ts'
import { type BaselineGroup, seedsOverlap } from './baselines.ts'
import { leadInterval, type NamedLead } from './leads.ts'
import { tooFewImages } from './on-test.ts'
import { onlyClassInWords } from './only-class.ts'
import type { Candidate, ComparedAs, Ranking } from './ranking.ts'
import { type ComparisonWords, capitalised } from './words.ts'

/** What a reader must know before believing that the winner is better than the baselines. */
export function* onTheComparison<C extends ComparedAs>(
  { candidates, winner, baselines, leads }: Ranking<C>,
  words: ComparisonWords,
  classes: readonly string[],
): Iterable<Note> {
  yield* onFailures(candidates, words)
  yield* onOnlyClasses(candidates, classes)
  if (!winner || winner.score === null) return
  if (baselines.length === 0) {
    yield warning(
      `No baseline was trained beside ${words.winner}; nothing here says that the search was worth its cost.`,
    )
    return
  }
  const few = winner.test && tooFewImages(winner.test.images, 'test image')
  if (few !== undefined) yield warning(`${capitalised(few)}.`)
  // Leads on test images say all that those on validation images would, which also picked the winner.
  for (const lead of leads) yield* onTheLead(lead, words)
  if (leads.length === 0)
    for (const baseline of baselines) yield* onTheMargin({ ...winner, score: winner.score }, baseline, words)
  if (winner.seeds.length === 1) {
    yield remark(
      `Each ${words.noun} was trained with a single seed, so a small lead cannot be told from luck; give ${words.seedsKey} more.`,
    )
  }
}

function* onFailures(candidates: readonly Candidate[], { noun }: ComparisonWords): Iterable<Note> {
  const failed = candidates.filter(({ score }) => score === null)
  if (failed.length === 0) return
  const reasons = failed.flatMap(({ trials }) => trials.flatMap(({ reason }) => reason ?? []))
  yield warning(`${counted(failed.length, noun)} could not be trained: ${reasons[0] ?? 'unknown'}.`)
}

function* onOnlyClasses(candidates: readonly Candidate[], classes: readonly string[]): Iterable<Note> {
  for (const { name, trials } of candidates) {
    const collapsed = trials.find(({ onlyClass }) => onlyClass !== undefined)
    const words = onlyClassInWords(collapsed?.onlyClass, classes)
    if (words !== undefined) yield warning(`${capitalised(name)} ${words}: it tells nothing apart.`)
  }
}

function* onTheLead(lead: NamedLead, words: ComparisonWords): Iterable<Note> {
  const winner = capitalised(words.winner)
  if (lead.value <= 0)
    yield warning(
      `${winner} did not beat ${lead.name} on the test images: ${difference(lead.value)} points ${leadInterval(lead)}.`,
    )
  else if (isWithinNoise(lead))
    yield warning(
      `${winner} leads ${lead.name} on the test images by ${points(lead.value)} points, ${leadInterval(lead)}: the interval includes 0.`,
    )
}

function* onTheMargin(
  winner: Candidate & { readonly score: number },
  { name, score, baselines }: BaselineGroup<Candidate>,
  words: ComparisonWords,
): Iterable<Note> {
  const margin = winner.score - score
  const seeds = baselines.flatMap((baseline) => baseline.seeds)
  if (margin <= 0) {
    yield warning(`${capitalised(words.winner)} did not beat ${name}: ${difference(margin)} points.`)
  } else if (seedsOverlap(winner, baselines)) {
    yield warning(
      `${capitalised(words.winner)} leads ${name} by ${points(margin)} points, but their seeds overlap: ${withSpread(winner)} against ${withSpread({ score, seeds })}.`,
    )
  }
}
