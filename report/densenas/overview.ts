import { lead } from '../comparison/baselines.ts'
import { onTest, testTiles } from '../comparison/on-test.ts'
import { costTiles } from '../cost.ts'
import { counted, difference, large, percent } from '../format.ts'
import type { Header, Tile } from '../header.ts'
import { inState } from '../note.ts'
import { spreadOf } from '../spread.ts'
import { UNEQUAL } from './baselines.ts'
import { costsDifferBy, rankNetworks } from './comparison.ts'
import type { DenseNasReportData } from './data.ts'
import { notes } from './notes.ts'

export const overview = (data: DenseNasReportData): Header => ({
  eyebrow: 'search for a densely connected network',
  finding: finding(data),
  tiles: tiles(data),
  notes: notes(data),
})

function finding({ search, comparison, end }: DenseNasReportData): string {
  if (!search)
    return inState(end, {
      over: 'The search found no network.',
      interrupted: 'The search was interrupted before it had found a network.',
      going: 'The search is under way.',
    })
  if (!comparison) {
    const { blocks } = search.derived.genotype
    const layers = blocks.reduce((sum, { stack }) => sum + 1 + stack.length, 0)
    const what = `a network of ${counted(blocks.length, 'block')} and ${counted(layers, 'layer')}`
    const then = inState(end, {
      over: 'could not be compared',
      interrupted: 'has not been compared yet',
      going: 'is now trained beside the baselines',
    })
    return `The search has found ${what}, which ${then}.`
  }
  const { score, multiplyAdds } = comparison.winner
  const ranking = rankNetworks(comparison)
  const against = ranking.leads.length === 0 ? lead(ranking) : ''
  const cost = costsDifferBy(ranking) > UNEQUAL ? '' : ', at about equal cost'
  const margins = against === '' ? '' : `: ${against}${cost}`
  return `${onTest(comparison.winner, ranking.leads, 'top-1')}The network found reaches ${percent(score)} top-1 on the validation images with ${large(multiplyAdds)} multiply-adds${margins}.`
}

const tiles = ({ comparison, ledger }: DenseNasReportData): readonly Tile[] => [
  ...(comparison ? found(comparison) : []),
  ...costTiles(ledger),
]

function found(comparison: NonNullable<DenseNasReportData['comparison']>): readonly Tile[] {
  const { score, top5, parameters, multiplyAdds, test } = comparison.winner
  const { winner, baselines, leads } = rankNetworks(comparison)
  const seeds = winner?.seeds ?? []
  const spread = seeds.length > 1 ? `${spreadOf(seeds)} over ${counted(seeds.length, 'seed')}; ` : ''
  return [
    ...testTiles(comparison.winner, leads, 'top-1'),
    {
      name: test ? 'Validation top-1' : 'Top-1',
      value: percent(score),
      remark: `${spread}top-5 ${percent(top5)}`,
    },
    ...(leads.length > 0 ? [] : baselines).map((baseline) => ({
      name: `Against ${baseline.name}`,
      value: difference(score - baseline.score),
      remark: `points to ${percent(baseline.score)}`,
    })),
    { name: 'Parameters', value: large(parameters), remark: `${large(multiplyAdds)} multiply-adds` },
  ]
}
