import { isScored } from '../../nas/runs/rounds.ts'
import { onTheComparison } from '../comparison/notes.ts'
import { onTheDataset } from '../dataset.ts'
import { count, counted } from '../format.ts'
import { type Note, onTheEnd, warning } from '../note.ts'
import { comparisonWords, rankNetworks } from './comparison.ts'
import type { TopformerReportData } from './data.ts'

/** What a reader must know before believing the figures. */
export const notes = (data: TopformerReportData): readonly Note[] => [
  ...onTheEnd(data.end),
  ...onTheDataset(data.record.dataset.classes, data.notes),
  ...onEvaluations(data),
  ...onThePair(data),
  ...onBaselines(data),
]

function* onEvaluations({ results }: TopformerReportData): Iterable<Note> {
  const evaluated = results.flatMap(({ searches }) => searches.flat())
  const failed = evaluated.filter((each) => !isScored(each))
  const [first] = failed
  if (first !== undefined && 'reason' in first)
    yield warning(
      `${count(failed.length)} of ${counted(evaluated.length, 'evaluation')} failed, the first: ${first.reason}.`,
    )
}

function* onThePair({ record, front }: TopformerReportData): Iterable<Note> {
  if (record.config.supernet.halves === 'pair' && front.points.length > 0)
    yield warning(
      'Networks on the front have weights of two supernets, one for each half, whose scores do not compare: it shows what was evaluated, and is no ranking.',
    )
}

function* onBaselines({ comparison, record }: TopformerReportData): Iterable<Note> {
  if (!comparison) return
  if (comparison.limited) yield warning(`Baselines were left out: ${comparison.limited}.`)
  yield* onTheComparison(rankNetworks(comparison), comparisonWords, record.dataset.classes)
}
