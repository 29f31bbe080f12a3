import { tooFewImages } from '../../report/comparison/on-test.ts'
import { capitalised } from '../../report/comparison/words.ts'
import { count, counted, difference, points } from '../../report/format.ts'
import { table } from '../table.ts'
import type { EvaluatedNetwork, Evaluation } from './evaluation.ts'

/** An evaluation as a table, and how to read it. */
export function evaluationInWords({ run, dataset, split, images, score, networks }: Evaluation): string {
  const seeds = Math.max(...networks.map(({ trials }) => trials.length))
  const head = [
    '  network',
    `${score}, %`,
    '95 % interval',
    ...(networks.length > 1 ? ['to the first', ''] : []),
  ]
  const several = networks.length > 1
  const few = tooFewImages(images, `${split} image`)
  return [
    `Run ${run} on ${counted(images, `${split} image`)} of ${dataset.source}`,
    table([head, ...networks.map((network) => rowOf(network, several))]),
    [
      'Intervals: bootstrap over images',
      seeds > 1 ? `of the mean of ${count(seeds)} seeds` : 'of one seed',
      ...(several ? ['differences over the same images'] : []),
      'other seeds may differ by more',
    ].join(', '),
    ...(few === undefined ? [] : [capitalised(few)]),
  ].join('\n')
}

function rowOf({ name, score, low, high, toFirst }: EvaluatedNetwork, several: boolean): readonly string[] {
  const own = [`  ${name}`, points(score), `[${points(low)}, ${points(high)}]`]
  if (!several) return own
  if (toFirst === null) return [...own, '', '']
  const noise = toFirst.withinNoise ? ' within noise' : ''
  const interval = `[${difference(toFirst.low)}, ${difference(toFirst.high)}]${noise}`
  return [...own, difference(toFirst.value), interval]
}
