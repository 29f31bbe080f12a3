import { contracts } from '../nas/pipelines/index.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { count, counted, date } from './format.ts'
import { type Html, html } from './html.ts'
import type { End, Note } from './note.ts'

export interface Tile {
  readonly name: string
  readonly value: string
  readonly remark?: string
}

export interface Header {
  /** What kind of search this is. */
  readonly eyebrow: string
  /** What was found, in a sentence or two. */
  readonly finding: string
  /** The same in figures. */
  readonly tiles: readonly Tile[]
  readonly notes: readonly Note[]
}

/** The head of a report: what was found, in a sentence, in figures, and what to bear in mind. */
export function header(
  { run, config, dataset, startedAt }: RunRecord,
  end: End,
  { eyebrow, finding, tiles, notes }: Header,
): Html {
  const { task } = contracts.of(config.pipeline)
  return html`<header>
<p class="eyebrow">Trellis · ${eyebrow}</p>
<h1>${run}</h1>
<p class="lede">${finding}</p>
<p class="quiet">${task.nameOf(config.dataset)}: ${counted(dataset.train, 'image')} for training, ${count(dataset.validation)} for validation, ${dataset.test === undefined ? '' : `${count(dataset.test)} for the test, `}${count(dataset.classes.length)} classes. Started ${date(startedAt)}. ${state(end)}</p>
<dl class="tiles">
${tiles.map(({ name, value, remark = '' }) => html`<div><dt>${name}</dt><dd>${value}<small>${remark}</small></dd></div>`)}
</dl>
<ul class="notes">${notes.map(({ tone, text }) => html`<li class="${tone}">${text}</li>`)}</ul>
</header>`
}

function state(end: End): Html {
  if (end === undefined || end.status === 'running')
    return html`<span class="state running">Still running.</span>`
  if (end.status === 'interrupted')
    return html`<span class="state failed">Interrupted at ${date(end.at)}, ${end.where}.</span> Go on with: <code>${end.again}</code>`
  if (end.status === 'failed') return html`<span class="state failed">Failed.</span>`
  return html`<span class="state">Finished${end.stopped ? `: ${end.stopped}` : ''}.</span>`
}
