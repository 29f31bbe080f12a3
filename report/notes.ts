import type { ReportData } from './data.ts'
import { count, counted, difference, points } from './format.ts'
import { byFullScore, failures, fullScore, scoredTrials, seedSpread } from './statistics.ts'

export interface Note {
  readonly tone: 'warning' | 'remark'
  readonly text: string
}

/** Fewer pairs than this say next to nothing about a rank correlation: at 10, a true 0.4 is seldom told from 0. */
const FEW_PAIRS = 10

/** What a reader must know before believing the figures. */
export const notes = (data: ReportData): readonly Note[] => [
  ...onTheRun(data),
  ...onTheBaselines(data),
  ...onTheProxy(data),
]

const warning = (text: string): Note => ({ tone: 'warning', text })
const remark = (text: string): Note => ({ tone: 'remark', text })

function* onTheRun({ state, trials, rerank, winner }: ReportData): Iterable<Note> {
  if (state.kind === 'running') yield warning('This run is still going; every figure here may change.')
  if (state.kind === 'failed') yield warning(`The run ended with an error: ${state.error}`)
  const scored = scoredTrials(trials).length
  const failed = trials.filter(({ outcome }) => outcome.kind === 'failed').length
  if (failed > 0) {
    const [reason, times] = failures(trials)[0]!
    yield warning(
      `${count(failed)} of ${counted(trials.length, 'trial')} failed, ${count(times)} of them with: ${reason}`,
    )
  }
  if (scored > 0 && !rerank) {
    yield remark('No cell was trained in full: scores are those of the proxy task, which only predicts.')
  }
  if (winner?.scoredBy === 'full training') {
    yield remark(
      'The winner was picked by the validation images that score it, so its score is somewhat too good. Test images that the search has never seen would tell by how much.',
    )
  }
}

function* onTheBaselines({ rerank }: ReportData): Iterable<Note> {
  const ranked = byFullScore(rerank?.entries ?? []).filter(({ scores }) => scores.length > 0)
  const winner = ranked.find(({ isWinner }) => isWinner)
  if (!winner) return
  for (const baseline of ranked.filter(({ role }) => role === 'baseline')) {
    const margin = fullScore(winner)! - fullScore(baseline)!
    if (margin <= 0)
      yield warning(`The winner did not beat the baseline ${baseline.name}: ${difference(margin)} points.`)
    else if (Math.min(...winner.scores) <= Math.max(...baseline.scores)) {
      yield warning(
        `The winner leads the baseline ${baseline.name} by ${points(margin)} points, but their seeds overlap (${seedSpread(winner)} against ${seedSpread(baseline)}).`,
      )
    }
  }
  const best = ranked.filter(({ role }) => role === 'baseline')
  if (best.length > 0 && [winner, ...best].some(({ scores }) => scores.length < 2)) {
    yield remark(
      'With a single seed, a difference to a baseline cannot be told from luck; train with more seeds.',
    )
  }
}

function* onTheProxy({ rerank }: ReportData): Iterable<Note> {
  if (!rerank) return
  const pairs = rerank.entries.filter(
    ({ proxyScore, scores }) => proxyScore !== undefined && scores.length > 0,
  ).length
  if (pairs < FEW_PAIRS) {
    yield warning(
      `Only ${counted(pairs, 'pair')} of proxy and full scores: too few to judge the proxy task by.`,
    )
  } else if (rerank.spearman && rerank.spearman.low <= 0) {
    yield warning(
      'The interval of the rank correlation includes 0: this run does not show that the proxy task predicts.',
    )
  }
}
