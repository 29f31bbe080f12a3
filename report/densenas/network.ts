import type { Operation } from '../../nas/spaces/densenas/genotype.ts'
import { mbConvOf, operationLabel } from '../../nas/spaces/densenas/operation-label.ts'
import { count, large } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Section } from '../section.ts'
import type { DenseNasReportData } from './data.ts'
import { type Part, partsOf } from './parts.ts'

export function networkSection({ search, record }: DenseNasReportData): Section | undefined {
  if (!search) return undefined
  const { genotype, netConfig } = search.derived
  const parts = partsOf(genotype, { image: record.config.image, classes: record.dataset.classes.length })
  const sum = (of: 'parameters' | 'multiplyAdds') => parts.reduce((total, part) => total + part[of], 0)
  const all = sum('multiplyAdds')
  const heads = ['Width', 'Stride', 'Output', 'Parameters', 'Multiply-adds']
  return {
    id: 'network',
    title: 'The network found',
    body: html`<div class="scroll"><table><thead><tr><th scope="col">Part</th><th scope="col">Layers</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}<td></td></tr></thead>
<tbody>${parts.map((part) => row(part, all))}</tbody>
<tfoot><tr><td colspan="5">All</td><td class="number">${count(sum('parameters'))}</td><td class="number">${large(all)}</td><td></td></tr></tfoot></table></div>
<p class="quiet">k5e3 is an MBConv of kernel 5×5 and expansion 3; the first layer of a block is its head, which carries the stride. Multiply-adds are those of one image of ${record.config.image}×${record.config.image} pixels.</p>
<h3>As net_config of the released code</h3>
<pre>${netConfig}</pre>`,
  }
}

const row = ({ name, operations, width, stride, side, parameters, multiplyAdds }: Part, all: number): Html =>
  html`<tr><td class="nowrap">${name}</td><td class="nowrap">${operations.map(layer)}</td><td class="number">${count(width)}</td><td class="number">${stride}</td><td class="number">${side}×${side}</td><td class="number">${count(parameters)}</td><td class="number">${large(multiplyAdds)}</td><td class="track"><span class="bar" style="--share:${((multiplyAdds / all) * 100).toFixed(1)}%"></span></td></tr>`

const layer = (operation: Operation): Html =>
  html`<span class="layer kernel${mbConvOf(operation)?.kernel ?? 3}">${operationLabel(operation)}</span> `
