import type { Comparison } from '../../nas/pipelines/auto-fpn/comparison.ts'
import { onTheComparison } from '../comparison/notes.ts'
import { capitalised } from '../comparison/words.ts'
import { onTheDataset } from '../dataset.ts'
import { percent } from '../format.ts'
import { type Note, onTheEnd, warning } from '../note.ts'
import { comparisonWords, rankDetectors } from './comparison.ts'
import type { AutoFpnReportData, ModuleSearch } from './data.ts'
import { notCompared } from './methods.ts'
import { undecided } from './statistics.ts'

/** Above this normalised entropy, probabilities are about as even as initially. */
const HARDLY_DECIDED = 0.95

/** AP of a supernet below which its losses hardly tell operators apart. */
const HARDLY_TRAINED = 0.01

/** What a reader must know before believing the figures. */
export const notes = (data: AutoFpnReportData): readonly Note[] => [
  ...onTheEnd(data.end),
  ...onTheDataset(data.record.dataset.classes, data.notes),
  ...data.searches.flatMap((search) => [...onTheSearch(search)]),
  ...(data.comparison ? onBaselines(data.comparison, data.record.dataset.classes) : []),
]

function* onTheSearch({ module, found: [first], failed }: ModuleSearch): Iterable<Note> {
  for (const search of failed) yield warning(`${notCompared(module, search)}.`)
  if (first === undefined) return
  if (first.score < HARDLY_TRAINED)
    yield warning(
      `The supernet of the ${module} reaches ${percent(first.score)} AP: the search had little to go by. Give search.steps more.`,
    )
  const last = first.history.at(-1)
  if (last !== undefined && undecided(last) > HARDLY_DECIDED)
    yield warning(
      `The search of the ${module} has hardly decided: the probabilities of its operators ended about as even as they began. More search.steps, or a higher search.architecture.learningRate, would let it.`,
    )
}

function* onBaselines(comparison: Comparison, classes: readonly string[]): Iterable<Note> {
  if (comparison.limited) yield warning(`${capitalised(comparison.limited)}.`)
  yield* onTheComparison(rankDetectors(comparison), comparisonWords, classes)
}
