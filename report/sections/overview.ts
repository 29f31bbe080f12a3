import type { ReportData, RunState } from '../data.ts'
import { count, counted, date, difference, duration, large, ordinal, percent, usd } from '../format.ts'
import { type Html, html } from '../html.ts'
import { notes } from '../notes.ts'
import { byFullScore, fullScore, scoredTrials } from '../statistics.ts'

/** The head of the report: what was found, in a sentence, in figures, and what to bear in mind. */
export function overview(data: ReportData): Html {
  const { dataset, run, startedAt, state } = data
  return html`<header>
<p class="eyebrow">Trellis · search for a dense prediction cell</p>
<h1>${run}</h1>
<p class="lede">${finding(data)}</p>
<p class="quiet">${dataset.name}: ${counted(dataset.trainImages, 'training image')}, ${count(dataset.validationImages)} for validation, ${counted(dataset.classes.length, 'class').replace('classs', 'classes')}. Started ${date(startedAt)}. <span class="state ${state.kind}">${stateInWords(state)}</span></p>
${tiles(data)}
<ul class="notes">${notes(data).map(({ tone, text }) => html`<li class="${tone}">${text}</li>`)}</ul>
</header>`
}

function finding({ winner, rerank, trials }: ReportData): string {
  if (!winner) return 'No trial has a score yet.'
  if (winner.scoredBy === 'proxy task')
    return `The best cell so far scores ${percent(winner.score)} mIoU on the proxy task.`
  const baseline = byFullScore(rerank?.entries ?? []).find(
    ({ role, scores }) => role === 'baseline' && scores.length > 0,
  )
  const margin = baseline
    ? `, ${difference(winner.score - fullScore(baseline)!)} points against ${baseline.name}, the best baseline`
    : ''
  const place = winner.proxyRank
    ? ` By proxy score it came ${ordinal(winner.proxyRank)} of ${count(scoredTrials(trials).length)}.`
    : ''
  return `The best cell reaches ${percent(winner.score)} mIoU on the validation images${margin}.${place}`
}

function stateInWords(state: RunState): string {
  switch (state.kind) {
    case 'running':
      return 'Still running.'
    case 'finished':
      return `Finished: ${state.reason}.`
    case 'failed':
      return 'Failed.'
  }
}

function tiles({ attempts, trials, winner }: ReportData): Html {
  const failed = trials.filter(({ outcome }) => outcome.kind === 'failed').length
  const pending = trials.filter(({ outcome }) => outcome.kind === 'pending').length
  const seconds = attempts.reduce((sum, attempt) => sum + attempt.seconds, 0)
  const spent = attempts.reduce((sum, attempt) => sum + attempt.usd, 0)
  const remarks = [
    failed > 0 && `${count(failed)} failed`,
    pending > 0 && `${count(pending)} pending`,
  ].filter(Boolean)
  const tile = (name: string, value: string, remark = '') =>
    html`<div><dt>${name}</dt><dd>${value}<small>${remark}</small></dd></div>`
  return html`<dl class="tiles">
${winner && tile('mIoU', percent(winner.score), `by ${winner.scoredBy}`)}
${tile('Trials', count(trials.length), remarks.join(', '))}
${tile('Machine time', duration(seconds), counted(attempts.length, 'attempt'))}
${tile('Cost', usd(spent))}
${winner && tile('Cell', large(winner.parameters), `parameters; ${large(winner.multiplyAdds)} multiply-adds`)}
</dl>`
}
