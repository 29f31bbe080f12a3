import type { RunRecord } from '../nas/runs/record.ts'
import { html } from './html.ts'
import { facts, type Section } from './section.ts'

/** What it takes to run the same search again. */
export function reproduceSection({ config, dataset, code, contract, device }: RunRecord): Section {
  const [version, commit] = code.split('+') as [string, string?]
  return {
    id: 'reproduce',
    title: 'Reproduce',
    body: html`<p>Save the configuration below as <code>search.yaml</code>. In another store, nothing is taken from this run:</p>
<pre>trellis search search.yaml --store again</pre>
${facts([
  ['Trellis', commit === undefined ? version : `${version}, commit ${commit}`],
  ['Contract of results', String(contract)],
  ['Seed', String(config.seed)],
  ['Dataset fingerprint', dataset.fingerprint],
  ...(device === undefined ? [] : [['Processor', device] as const]),
])}
<p class="quiet">The same version, configuration and dataset give the same results on the same kind of processor, byte for byte. What follows from measured times, or is computed on a graphics card, may differ.</p>`,
  }
}
