import type { NeckGenotype } from './genotype.ts'
import { drawLink, type Figure, linksThenLabels } from './link-diagram.ts'
import { layerLinks } from './links.ts'
import { liveNeck } from './live.ts'
import { operatorWords } from './operator-label.ts'

const NODE = { width: 40, height: 26 }
const ROW = 84
const TOP = 40
const LEFT = 26
/** Between the labels of two links whose targets lie one level apart. */
const LABEL = 54

/** A neck: layers from left to right, the coarsest level at the top, an arrow for every link. Links that change nothing are faint. */
export function neckFigure(neck: NeckGenotype): Figure {
  const { levels, layers } = neck
  const gap = 2 * levels * LABEL
  const at = (layer: number, level: number) => ({
    x: LEFT + layer * (gap + NODE.width) + NODE.width / 2,
    y: TOP + (levels - 1 - level) * ROW + NODE.height / 2,
  })
  const live = liveNeck(neck)
  const links = layers.flatMap((operators, l) =>
    layerLinks(levels).flatMap(({ source, target }, i) => {
      const operator = operators[i]!
      if (operator === 'none') return []
      const [from, to] = [at(l, source), at(l + 1, target)]
      const [start, end] = [from.x + NODE.width / 2, to.x - NODE.width / 2]
      const idle = live.layers[l]![i] === 'none'
      // Links that cross half-way have their labels side by side.
      const share = 0.5 + ((source - target) * LABEL) / gap
      return [
        drawLink(operator, {
          name: `${l}:${source}-${target}`,
          words: `${nameOf(source)} to ${nameOf(target)}`,
          path: `M${start},${from.y}L${end - 2},${to.y}`,
          label: { x: start + share * (end - start), y: from.y + share * (to.y - from.y) },
          idle,
        }),
      ]
    }),
  )
  const columns = Array.from({ length: layers.length + 1 }, (_, layer) => {
    const title = layer === 0 ? 'backbone' : `layer ${layer}`
    const nodes = Array.from({ length: levels }, (_, level) => {
      const { x, y } = at(layer, level)
      return `<g class="node"><rect x="${x - NODE.width / 2}" y="${y - NODE.height / 2}" width="${NODE.width}" height="${NODE.height}" rx="6"/><text x="${x}" y="${y}" dy="0.35em">${nameOf(level)}</text></g>`
    })
    return `<text class="title" x="${at(layer, 0).x}" y="16">${title}</text>${nodes.join('')}`
  })
  return {
    width: at(layers.length, 0).x + NODE.width / 2 + LEFT,
    height: at(0, 0).y + NODE.height / 2,
    svg: [...linksThenLabels(links), ...columns].join('\n'),
  }
}

/** As the paper counts, from the finest. */
const nameOf = (level: number): string => `P${level + 1}`

export const describeNeck = ({ levels, layers }: NeckGenotype): string =>
  layers
    .flatMap((operators, l) =>
      Array.from({ length: levels }, (_, level) => {
        const sources = layerLinks(levels).flatMap(({ source, target }, i) =>
          target === level && operators[i] !== 'none'
            ? [`${operatorWords(operators[i]!)} of ${nameOf(source)}`]
            : [],
        )
        return `Layer ${l + 1}, ${nameOf(level)}: ${sources.join(', ') || 'zero'}.`
      }),
    )
    .join(' ')
