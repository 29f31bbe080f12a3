import { lead } from '../comparison/baselines.ts'
import { onTest, testTiles } from '../comparison/on-test.ts'
import { costTiles } from '../cost.ts'
import { count, counted, large, percent } from '../format.ts'
import type { Header, Tile } from '../header.ts'
import { inState } from '../note.ts'
import { rankNetworks } from './comparison.ts'
import type { TopformerReportData } from './data.ts'
import { notes } from './notes.ts'

export const overview = (data: TopformerReportData): Header => ({
  eyebrow: 'search for a network of convolutions and transformers',
  finding: finding(data),
  tiles: tiles(data),
  notes: notes(data),
})

function finding({ comparison, front, end }: TopformerReportData): string {
  if (comparison === undefined) {
    const evaluated = `${counted(front.evaluated, 'network')} evaluated`
    return inState(end, {
      over: `The search ended with ${evaluated}, and none was compared.`,
      interrupted: `The search was interrupted with ${evaluated}.`,
      going: `The search is under way, with ${evaluated}.`,
    })
  }
  const { winner } = comparison
  const ranking = rankNetworks(comparison)
  const against = ranking.leads.length === 0 ? lead(ranking) : ''
  const margins = against === '' ? '' : `: ${against}, at about equal cost`
  return `${onTest(winner, ranking.leads, 'mIoU')}The network found reaches ${percent(winner.score)} mIoU on the validation images with ${large(winner.multiplyAdds)} multiply-adds${margins}.`
}

const tiles = ({ comparison, front, ledger, pretraining }: TopformerReportData): readonly Tile[] => [
  ...(comparison
    ? [
        ...testTiles(comparison.winner, rankNetworks(comparison).leads, 'mIoU'),
        {
          name: comparison.winner.test ? 'Validation mIoU' : 'mIoU',
          value: percent(comparison.winner.score),
          remark:
            comparison.winner.inherited === null
              ? ''
              : `${percent(comparison.winner.inherited)} with inherited weights`,
        },
      ]
    : []),
  ...(pretraining?.status === 'succeeded'
    ? [
        {
          name: 'Pretraining top-1',
          value: percent(pretraining.score),
          remark: 'of the largest network, on its validation images',
        },
      ]
    : []),
  {
    name: 'Networks evaluated',
    value: count(front.evaluated),
    remark: `${count(front.points.length)} on the front`,
  },
  ...costTiles(ledger),
]
