import { counted, difference, percent, points } from '../format.ts'
import { type Note, onTheEnd, remark, warning } from '../note.ts'
import { withSpread } from '../spread.ts'
import type { DenseNasReportData, Search } from './data.ts'
import { contestants, opennessOf, rivals } from './statistics.ts'

/** Above this, probabilities are about where they all began. */
const HARDLY_DECIDED = 0.9

/** Below this multiple of what guessing gets right, a supernet tells networks apart no better than guessing. */
const HARDLY_TRAINED = 1.5

/** Cost differs too much to compare at equal cost. */
const UNEQUAL = 0.1

/** What a reader must know before believing the figures. */
export const notes = (data: DenseNasReportData): readonly Note[] => [
  ...onTheEnd(data.end),
  ...(data.search ? onTheSearch(data.search, data.record.dataset.classes.length) : []),
  ...onTheBaselines(data),
]

function* onTheSearch({ relaxation, score }: Search, classes: number): Iterable<Note> {
  if (score !== undefined && score * classes < HARDLY_TRAINED) {
    yield warning(
      `With the weights of the supernet the network found reaches ${percent(score)} top-1, where guessing gets ${percent(1 / classes)}: the search had little to go by. Give search.epochs more.`,
    )
  }
  const open = opennessOf(relaxation)
  const undecided = [
    ...(open.paths > HARDLY_DECIDED ? ['the paths'] : []),
    ...(open.operations > HARDLY_DECIDED ? ['the operations'] : []),
  ].join(' and ')
  if (undecided !== '') {
    yield warning(
      `The search has hardly decided on ${undecided}: their probabilities ended about as even as they began. More epochs, or a higher search.architecture.learningRate, would let it.`,
    )
  }
}

function* onTheBaselines({ comparison, record }: DenseNasReportData): Iterable<Note> {
  if (!comparison) return
  const all = contestants(comparison)
  const reasons = all.flatMap(({ trials }) => trials.flatMap(({ reason }) => reason ?? []))
  const failed = all.filter(({ score }) => score === null)
  if (failed.length > 0)
    yield warning(`${counted(failed.length, 'network')} could not be trained: ${reasons[0] ?? 'unknown'}.`)
  if (comparison.limited) yield warning(`Baselines were left out: ${comparison.limited}.`)
  const found = all.find(({ role }) => role === 'derived')
  if (!found || found.score === null) return
  const others = rivals(comparison)
  if (others.length === 0)
    yield warning('No baseline was trained beside the network found; nothing here says that searching paid.')
  for (const { name, score, seeds } of others) {
    const margin = found.score - score
    if (margin <= 0) {
      yield warning(`The network found did not beat ${name}: ${difference(margin)} points.`)
    } else if (Math.min(...found.seeds) <= Math.max(...seeds)) {
      yield warning(
        `The network found leads ${name} by ${points(margin)} points, but scores overlap: ${withSpread(found)} against ${withSpread({ score, seeds })}.`,
      )
    }
  }
  const away = Math.max(...all.map(({ multiplyAdds }) => Math.abs(multiplyAdds / found.multiplyAdds - 1)))
  if (away > UNEQUAL)
    yield remark(
      `Not all baselines cost the same: their multiply-adds differ by up to ${Math.round(away * 100)} % from those of the network found.`,
    )
  if (others.length > 0 && record.config.retrain.seeds.length === 1)
    yield remark(
      'Each network was trained with a single seed, so a small lead cannot be told from luck; give retrain.seeds more.',
    )
}
