import { readRunOf } from '../../nas/pipelines/run.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import { summarySchema } from '../../nas/runs/summary.ts'
import { getJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { rank } from '../../report/comparison/ranking.ts'
import { comparisonSection } from '../../report/comparison/section.ts'
import { costSection, costTiles } from '../../report/cost.ts'
import { percent } from '../../report/format.ts'
import { header } from '../../report/header.ts'
import { endOf, type Standing } from '../../report/note.ts'
import { renderPage } from '../../report/page.ts'
import { COLOURS } from '../../report/plot.ts'
import { perceptron, perceptronKeys, type Ranking, rankingSchema } from './contract.ts'

export const rankWidths = (ranking: Ranking) =>
  rank(ranking, {
    nameOf: ({ width }) => `width ${width}`,
    baselines: { narrowest: () => 'the narrowest' },
  })

export async function drawReport(store: ObjectStore, run: string, standing?: Standing): Promise<string> {
  const record = await readRunOf(store, run, perceptron)
  const summary = await getJson(store, `runs/${run}/summary.json`, summarySchema)
  const ranking = await getJson(store, perceptronKeys(run).ranking, rankingSchema)
  const ledger = await readLedger(store, run)
  const finding = ranking
    ? `A first layer of ${ranking.winner.width} channels reaches ${percent(ranking.winner.score)} top-1.`
    : 'No width has been trained yet.'
  const chapter =
    ranking &&
    comparisonSection(rankWidths(ranking), {
      title: 'Widths',
      training: 'All trained alike.',
      reading: '',
      words: { noun: 'width', winner: 'the best width', score: 'top-1', seedsKey: 'seeds' },
      figures: [],
      structure: { name: 'Channels', className: 'number', of: ({ width }) => `${width}` },
    })
  return renderPage(
    record,
    header(record, endOf(summary, standing), {
      eyebrow: 'search for a width',
      finding,
      tiles: costTiles(ledger),
      notes: [],
    }),
    [chapter, costSection(ledger, { perceptron: { name: 'Training widths', colour: COLOURS.winner } })],
    '',
  )
}
