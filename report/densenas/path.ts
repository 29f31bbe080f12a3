import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import { denseNasDiagram } from '../../nas/spaces/densenas/diagram.ts'
import { spaceSize } from '../../nas/spaces/densenas/space.ts'
import { count } from '../format.ts'
import { html, trusted } from '../html.ts'
import { figure, type Section } from '../section.ts'
import type { DenseNasReportData } from './data.ts'

export function pathSection({ search, record }: DenseNasReportData): Section | undefined {
  if (!search) return undefined
  const space = spaceOf(record.config)
  const { genotype, path, probability } = search.derived
  const { connections, paths } = spaceSize(space)
  const picture = denseNasDiagram({
    space,
    image: record.config.image,
    genotype,
    path,
    probabilities: search.relaxation.paths,
  })
  return {
    id: 'path',
    title: 'The path through the blocks',
    body: figure(
      html`<div class="cell">${trusted(picture)}</div>`,
      html`Of ${count(Number(paths))} paths over ${count(Number(connections))} connections, the most probable one; the product of the probabilities along it is ${probability.toPrecision(2)}. A block is named by its width, in channels; the higher, the wider. A line is a connection, the stronger the more probable; the number below a block of the path is the probability of the connection that leads to it. Each box below is a layer.`,
    ),
  }
}
