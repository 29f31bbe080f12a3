import { graphlib, layout } from '@dagrejs/dagre'
import { drawLink, type Figure, linksThenLabels, type Point, r } from './link-diagram.ts'
import { CELL_LINKS, INPUTS, NODES } from './links.ts'
import { operatorWords } from './operator-label.ts'
import type { HeadOperator } from './operators.ts'

type Cell = readonly HeadOperator[]

const TOP = 40
const MARGIN = 10
const NODE = { width: 64, height: 26 }

/** A cell of a head, from its inputs on the left to its output. @param m its place @param live the links that change something */
export function cellFigure(m: number, cell: Cell, live: Cell): Figure {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 16, edgesep: 12, ranksep: 34 })
  for (const name of namesOf(m)) graph.setNode(name, { ...NODE })
  graph.setNode('output', { ...NODE })
  for (const [i, { from, to }] of linksOf(m).entries())
    if (cell[i] !== 'none') graph.setEdge(from, to, { width: 42, height: 14, labelpos: 'c' })
  for (let node = 0; node < NODES; node++) graph.setEdge(`node ${node + 1}`, 'output', {})
  layout(graph)

  const { width, height } = graph.graph() as { width: number; height: number }
  const points = (from: string, to: string) => graph.edge(from, to).points as readonly Point[]
  const links = linksOf(m).flatMap(({ from, to }, i) => {
    const operator = cell[i]!
    if (operator === 'none') return []
    return [
      drawLink(operator, {
        name: `${m}:${from}-${to}`,
        words: `${from} to ${to}`,
        path: curve(points(from, to)),
        label: graph.edge(from, to) as Point,
        idle: live[i] === 'none',
      }),
    ]
  })
  const joins = Array.from(
    { length: NODES },
    (_, node) => `<path class="join" d="${curve(points(`node ${node + 1}`, 'output'))}"/>`,
  )
  const nodes = graph.nodes().map((name) => {
    const { x, y } = graph.node(name) as Point
    return `<g class="node"><rect x="${r(x - NODE.width / 2)}" y="${r(y - NODE.height / 2)}" width="${NODE.width}" height="${NODE.height}" rx="6"/><text x="${r(x)}" y="${r(y)}" dy="0.35em">${name}</text></g>`
  })
  return {
    width: r(width + 2 * MARGIN),
    height: r(height + TOP),
    svg: `<text class="title" x="${r(width / 2 + MARGIN)}" y="16">cell ${m + 1} of the head</text><g transform="translate(${MARGIN},${TOP})">${[...joins, ...linksThenLabels(links), ...nodes].join('\n')}</g>`,
  }
}

/** The inputs of a cell, the older first, and its nodes. Both inputs of the first are the region. */
const namesOf = (m: number): readonly string[] => [
  ...Array.from({ length: INPUTS }, (_, input) => {
    const before = m - INPUTS + input
    return before >= 0 ? `cell ${before + 1}` : before === -1 ? 'region' : 'region ′'
  }),
  ...Array.from({ length: NODES }, (_, node) => `node ${node + 1}`),
]

const linksOf = (m: number) => {
  const names = namesOf(m)
  return CELL_LINKS.map(({ source, target }) => ({ from: names[source]!, to: names[INPUTS + target]! }))
}

export const describeCell = (m: number, cell: Cell): string =>
  Array.from({ length: NODES }, (_, node) => {
    const sources = linksOf(m).flatMap(({ from, to }, i) =>
      to === `node ${node + 1}` && cell[i] !== 'none' ? [`${operatorWords(cell[i]!)} of ${from}`] : [],
    )
    return `Cell ${m + 1}, node ${node + 1}: ${sources.join(', ') || 'zero'}.`
  }).join(' ')

/** A curve that is horizontal at every point of a route. */
const curve = (points: readonly Point[]): string =>
  points
    .map(({ x, y }, i) => {
      if (i === 0) return `M${r(x)},${r(y)}`
      const before = points[i - 1]!
      const middle = r((before.x + x) / 2)
      return `C${middle},${r(before.y)} ${middle},${r(y)} ${r(x)},${r(y)}`
    })
    .join('')
