import { FEWEST_PAIRS } from '../../nas/runs/score-agreement.ts'
import { onTheComparison } from '../comparison/notes.ts'
import { onTheDataset } from '../dataset.ts'
import { count, counted, percent } from '../format.ts'
import { type Note, onTheEnd, remark, warning } from '../note.ts'
import { BELOW_PROXY, isBelowProxy } from './below-proxy.ts'
import { comparisonWords, rankCells } from './comparison.ts'
import type { DpcReportData } from './data.ts'
import { failed, failureReasons, scored } from './statistics.ts'

/** What a reader must know before believing the figures. */
export const notes = (data: DpcReportData): readonly Note[] => [
  ...onTheEnd(data.end),
  ...onTheDataset(data.record.dataset.classes, data.notes),
  ...onTheTrials(data),
  ...(data.rerank
    ? onTheComparison(rankCells(data.rerank), comparisonWords, data.rerank.dataset.classes)
    : []),
  ...onWhatIsKept(data),
  ...onTheProxy(data),
]

function* onWhatIsKept({ rerank }: DpcReportData): Iterable<Note> {
  if (rerank?.kept === undefined) return
  const { kept, winner } = rerank
  yield remark(
    `The run keeps the model of an earlier ranking, with ${percent(kept.score)} on the same validation images: the best of this one has ${percent(winner.score)}.`,
  )
}

function* onTheTrials({ tried, winner }: DpcReportData): Iterable<Note> {
  const [worst] = failureReasons(tried)
  if (worst) {
    const [reason, times] = worst
    const failures = failed(tried).length
    const most = times < failures ? `, ${count(times)} of them thus` : ''
    yield warning(`${count(failures)} of ${counted(tried.length, 'trial')} failed${most}: ${reason}.`)
  }
  const collapsed = scored(tried).filter(({ onlyClass }) => onlyClass !== undefined)
  if (collapsed.length > 0) {
    yield warning(
      `${count(collapsed.length)} of ${counted(tried.length, 'trial')} on the proxy task ended with a network that predicts one class everywhere: its score tells nothing of the cell.`,
    )
  }
  if (winner?.scoredBy === 'the proxy task') {
    yield remark('No cell has been trained in full: scores are those of the proxy task, which only predicts.')
  }
  if (winner?.scoredBy === 'full training' && winner.test === undefined) {
    yield remark(
      'The validation images that score the winner also picked it, so its score is somewhat too good. Test images that the search has never seen would tell by how much.',
    )
  }
}

function* onTheProxy({ rerank }: DpcReportData): Iterable<Note> {
  if (!rerank) return
  const { pairs, spearman, winner } = rerank
  if (isBelowProxy(winner)) yield warning(BELOW_PROXY)
  if (pairs < FEWEST_PAIRS) {
    yield warning(
      `Only ${counted(pairs, 'cell')} with both proxy and full score: too few to judge the proxy task by. Raise rerank.top or rerank.baselines.random.`,
    )
  } else if (spearman && spearman.low <= 0) {
    yield warning(
      'The interval of the rank correlation includes 0: this run does not show that the proxy task predicts.',
    )
  }
}
