import type { ComparedNetwork, Comparison } from '../../nas/pipelines/densenas/comparison.ts'
import type { LatencyTable } from '../../nas/pipelines/densenas/latency.ts'
import { NOISE } from '../../nas/runs/latencies.ts'
import { onTheComparison } from '../comparison/notes.ts'
import type { Ranking } from '../comparison/ranking.ts'
import { onTheDataset } from '../dataset.ts'
import { percent } from '../format.ts'
import { type Note, onTheEnd, remark, warning } from '../note.ts'
import { UNEQUAL } from './baselines.ts'
import { comparisonWords, costsDifferBy, rankNetworks } from './comparison.ts'
import type { DenseNasReportData, Search } from './data.ts'
import { meanEntropies } from './statistics.ts'

/** Above this normalised entropy, probabilities are about as even as initially. */
const HARDLY_DECIDED = 0.9

/** Below this multiple of what guessing gets right, a supernet tells networks apart no better than guessing. */
const HARDLY_TRAINED = 1.5

/** What a reader must know before believing the figures. */
export const notes = (data: DenseNasReportData): readonly Note[] => [
  ...onTheEnd(data.end),
  ...onTheDataset(data.record.dataset.classes, data.notes),
  ...(data.search ? onTheSearch(data.search, data.record.dataset.classes.length) : []),
  ...(data.latencies ? onLatencies(data.latencies) : []),
  ...(data.comparison ? onBaselines(data.comparison, data.record.dataset.classes) : []),
]

function* onTheSearch({ relaxation, score }: Search, classes: number): Iterable<Note> {
  if (score !== undefined && score * classes < HARDLY_TRAINED) {
    yield warning(
      `With the weights of the supernet the network found reaches ${percent(score)} top-1, where guessing gets ${percent(1 / classes)}: the search had little to go by. Give search.epochs more.`,
    )
  }
  const entropies = meanEntropies(relaxation)
  const undecided = [
    ...(entropies.paths > HARDLY_DECIDED ? ['the paths'] : []),
    ...(entropies.operations > HARDLY_DECIDED ? ['the operations'] : []),
  ].join(' and ')
  if (undecided !== '') {
    yield warning(
      `The search has hardly decided on ${undecided}: their probabilities ended about as even as they began. More epochs, or a higher search.architecture.learningRate, would let it.`,
    )
  }
}

function* onLatencies({ spread = 0 }: LatencyTable): Iterable<Note> {
  if (spread > NOISE)
    yield warning(
      `Latencies were measured on a machine that was busy: those of one operation differ by up to ${Math.round(spread * 100)} %, and what they led the search to is in doubt. Search again with --remeasure.`,
    )
}

function* onBaselines(comparison: Comparison, classes: readonly string[]): Iterable<Note> {
  const ranking = rankNetworks(comparison)
  if (comparison.limited) yield warning(`Baselines were left out: ${comparison.limited}.`)
  yield* onTheComparison(ranking, comparisonWords, classes)
  yield* onEqualCost(ranking)
}

function* onEqualCost(ranking: Ranking<ComparedNetwork>): Iterable<Note> {
  const away = costsDifferBy(ranking)
  if (away > UNEQUAL)
    yield remark(
      `Not all baselines cost the same: their multiply-adds differ by up to ${Math.round(away * 100)} % from those of the network found.`,
    )
}
