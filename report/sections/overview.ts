import type { DatasetConfig } from '../../nas/data/config.ts'
import { totals } from '../../nas/runs/ledger.ts'
import type { ReportData } from '../data.ts'
import { count, counted, date, difference, duration, large, ordinal, percent, usd } from '../format.ts'
import { type Html, html } from '../html.ts'
import { notes } from '../notes.ts'
import { contestants, failed, isBaseline, scored } from '../statistics.ts'

/** The head of the report: what was found, in a sentence, in figures, and what to bear in mind. */
export function overview(data: ReportData): Html {
  const { run, config, dataset, startedAt } = data.record
  return html`<header>
<p class="eyebrow">Trellis · search for a dense prediction cell</p>
<h1>${run}</h1>
<p class="lede">${finding(data)}</p>
<p class="quiet">${nameOf(config.dataset)}: ${counted(dataset.train, 'image')} for training, ${count(dataset.validation)} for validation, ${count(dataset.classes.length)} classes. Started ${date(startedAt)}. ${state(data.end)}</p>
${tiles(data)}
<ul class="notes">${notes(data).map(({ tone, text }) => html`<li class="${tone}">${text}</li>`)}</ul>
</header>`
}

function finding({ winner, rerank, tried }: ReportData): string {
  if (!winner) return 'No trial has a score yet.'
  if (winner.scoredBy === 'the proxy task')
    return `The best cell so far scores ${percent(winner.score)} mIoU on the proxy task.`
  const baseline = rerank && contestants(rerank).find((entry) => isBaseline(entry) && entry.score !== null)
  const margin = baseline
    ? `, ${difference(winner.score - baseline.score!)} points against ${baseline.name}, the best baseline`
    : ''
  const place = `${ordinal(winner.proxy.rank)} of ${count(scored(tried).length)}`
  return `The best cell reaches ${percent(winner.score)} mIoU on the validation images${margin}. By proxy score it came ${place}.`
}

const nameOf = (dataset: DatasetConfig): string => {
  switch (dataset.kind) {
    case 'street':
      return 'Synthetic street'
    case 'cityscapes':
      return 'Cityscapes'
    case 'voc':
    case 'folders':
      return dataset.path
  }
}

function state(end: ReportData['end']): Html {
  if (!end) return html`<span class="state running">Still running.</span>`
  if (end.status === 'failed') return html`<span class="state failed">Failed.</span>`
  return html`<span class="state">Finished${end.stopped ? `: ${end.stopped}` : ''}.</span>`
}

function tiles({ ledger, tried, pending, winner }: ReportData): Html {
  const { attempts, gpuHours, usd: spent } = totals(ledger)
  const failures = failed(tried).length
  const remarks = [
    ...(failures > 0 ? [`${count(failures)} failed`] : []),
    ...(pending > 0 ? [`${count(pending)} more under way`] : []),
  ]
  const tile = (name: string, value: string, remark = '') =>
    html`<div><dt>${name}</dt><dd>${value}<small>${remark}</small></dd></div>`
  return html`<dl class="tiles">
${winner && tile('mIoU of the winner', percent(winner.score), `by ${winner.scoredBy}`)}
${tile('Cells tried', count(tried.length), remarks.join(', '))}
${tile('Machine time', duration(gpuHours * 3600), `${counted(attempts, 'attempt')} of jobs`)}
${tile('Cost', usd(spent))}
${winner && tile('Parameters', large(winner.parameters), `${large(winner.multiplyAdds)} multiply-adds`)}
</dl>`
}
