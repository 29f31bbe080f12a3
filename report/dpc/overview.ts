import type { Rerank } from '../../nas/pipelines/dpc/comparison.ts'
import { lead } from '../comparison/baselines.ts'
import { onTest, testTiles } from '../comparison/on-test.ts'
import { costTiles } from '../cost.ts'
import { count, large, ordinal, percent } from '../format.ts'
import type { Header, Tile } from '../header.ts'
import { rankCells } from './comparison.ts'
import type { DpcReportData } from './data.ts'
import { notes } from './notes.ts'
import { failed, scored } from './statistics.ts'

export const overview = (data: DpcReportData): Header => ({
  eyebrow: 'search for a dense prediction cell',
  finding: finding(data),
  tiles: tiles(data),
  notes: notes(data),
})

function finding({ winner, rerank, tried }: DpcReportData): string {
  if (!winner) return 'No trial has a score yet.'
  if (winner.scoredBy === 'the proxy task')
    return `The best cell so far scores ${percent(winner.score)} mIoU on the proxy task.`
  const ranking = rankingOfWinner(rerank)
  const leads = ranking?.leads ?? []
  const against = ranking && leads.length === 0 ? lead(ranking) : ''
  const margin = against === '' ? '' : `, ${against}`
  const place = `${ordinal(winner.proxy.rank)} of ${count(scored(tried).length)}`
  return `${onTest(winner, leads, 'mIoU')}The best cell reaches ${percent(winner.score)} mIoU on the validation images${margin}. By proxy score it came ${place}.`
}

/** Undefined where a model of an earlier ranking is kept: this one has no lead of it. */
const rankingOfWinner = (rerank: Rerank | undefined) =>
  rerank === undefined || rerank.kept !== undefined ? undefined : rankCells(rerank)

function tiles({ ledger, tried, pending, winner, rerank }: DpcReportData): readonly Tile[] {
  const failures = failed(tried).length
  const remarks = [
    ...(failures > 0 ? [`${count(failures)} failed`] : []),
    ...(pending > 0 ? [`${count(pending)} more under way`] : []),
  ]
  const score = winner && {
    name: 'mIoU of the winner',
    value: percent(winner.score),
    remark: `by ${winner.scoredBy}${winner.test ? ', on validation images' : ''}`,
  }
  const size = winner && {
    name: 'Parameters',
    value: large(winner.parameters),
    remark: `${large(winner.multiplyAdds)} multiply-adds`,
  }
  return [
    ...(winner ? testTiles(winner, rankingOfWinner(rerank)?.leads ?? [], 'mIoU') : []),
    ...(score ? [score] : []),
    { name: 'Cells tried', value: count(tried.length), remark: remarks.join(', ') },
    ...costTiles(ledger),
    ...(size ? [size] : []),
  ]
}
