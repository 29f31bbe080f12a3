import { graphlib, layout } from '@dagrejs/dagre'
import { type DpcGenotype, type DpcOperation, FEATURES } from './genotype.ts'

type Point = { readonly x: number; readonly y: number }
type Box = Point & { readonly width: number; readonly height: number }

type Edge = { readonly from: string; readonly to: string; readonly points: readonly Point[] }

const WIDTH = 196
const GLYPH = 40
const GAP = 44
const MARGIN = 12
const OVERHANG = 8

/**
 * Draws a cell like Fig. 5 of the DPC paper: backbone features F at the top, every branch under its input, their
 * concatenation, the 1×1 projection and the logits. Beside each operation stands the pattern in which it samples its
 * input (Fig. 2). Returns a whole SVG document that follows the reader's light or dark preference.
 */
export function dpcDiagram(genotype: DpcGenotype): string {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 20, edgesep: 20, ranksep: GAP })
  graph.setDefaultEdgeLabel(() => ({}))
  const place = (name: string, height: number) => graph.setNode(name, { width: WIDTH, height })
  for (const name of ['F', 'concat', 'projection', 'logits']) place(name, 36)
  // Dagre puts what it is told first on the right.
  for (const [i, { input }] of [...genotype.branches.entries()].reverse()) {
    place(`b${i}`, 60)
    graph.setEdge(input === FEATURES ? 'F' : `b${input}`, `b${i}`)
    graph.setEdge(`b${i}`, 'concat')
  }
  graph.setEdge('concat', 'projection')
  graph.setEdge('projection', 'logits')
  layout(graph)

  const box = (name: string): Box => graph.node(name) as Box
  const edges = graph.edges().map(({ v, w }): Edge => {
    const { points } = graph.edge(v, w) as { points: readonly Point[] }
    return { from: v, to: w, points: route(box(v), points.slice(1, -1), box(w), w === 'concat') }
  })
  const xs = [
    ...graph.nodes().flatMap((name) => edgesOf(box(name))),
    ...edges.flatMap(({ points }) => points.map(({ x }) => x)),
  ]
  const arriving = edges.filter(({ to }) => to === 'concat').map(({ points }) => points.at(-1)!.x)
  const left = Math.min(...xs) - MARGIN
  const width = Math.max(...xs) + MARGIN - left
  const height = box('logits').y + box('logits').height / 2 + 2 * MARGIN

  return `<svg xmlns="http://www.w3.org/2000/svg" class="dpc" viewBox="${left} ${-MARGIN} ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${describe(genotype)}">
<style>${STYLE}</style>
${edges.map(drawEdge).join('\n')}
${drawBox('F', 'end', box('F'), 'backbone features F')}
${genotype.branches.map(({ operation }, i) => drawBranch(i, operation, box(`b${i}`))).join('\n')}
${drawBox('concat', 'join', box('concat'), 'concat', arriving)}
${drawBox('projection', 'join', box('projection'), '1×1 projection')}
${drawBox('logits', 'end', box('logits'), 'logits')}
</svg>
`
}

const edgesOf = ({ x, width }: Box) => [x - width / 2, x + width / 2]

/** From the bottom of one box to the top of another. Where rows lie between, it runs where the layout keeps them free. */
function route(source: Box, bends: readonly Point[], target: Box, straight: boolean): readonly Point[] {
  const start = { x: source.x, y: source.y + source.height / 2 }
  const passing = bends.length > 1 ? [{ x: bends[0]!.x, y: start.y + GAP }, ...bends.slice(1)] : []
  const x = straight ? [start, ...passing].at(-1)!.x : target.x
  return [start, ...passing, { x, y: target.y - target.height / 2 }]
}

/** A curve that is vertical at every point of the route. */
function drawEdge({ from, to, points }: Edge): string {
  const curves = points.slice(1).map(({ x, y }, i) => {
    const before = points[i]!
    const middle = (before.y + y) / 2
    return `C${before.x},${middle} ${x},${middle} ${x},${y}`
  })
  return `<path class="edge" data-edge="${from}-${to}" d="M${points[0]!.x},${points[0]!.y}${curves.join('')}"/>`
}

/** A box with a label in its middle, stretched to lie under all of `covered`. */
function drawBox(
  name: string,
  style: string,
  box: Box,
  label: string,
  covered: readonly number[] = [],
): string {
  const left = Math.min(box.x - box.width / 2, ...covered.map((x) => x - OVERHANG))
  const right = Math.max(box.x + box.width / 2, ...covered.map((x) => x + OVERHANG))
  return `<g class="${style}" data-node="${name}">
<rect x="${left}" y="${box.y - box.height / 2}" width="${right - left}" height="${box.height}" rx="6"/><text x="${box.x}" y="${box.y}" dy="0.35em">${label}</text></g>`
}

function drawBranch(index: number, operation: DpcOperation, { x, y, width, height }: Box): string {
  const { title, detail } = words(operation)
  const text = -width / 2 + GLYPH + 20
  return `<g class="${operation.kind}" data-node="b${index}" transform="translate(${x},${y})">
<rect x="${-width / 2}" y="${-height / 2}" width="${width}" height="${height}" rx="6"/>
<g transform="translate(${-width / 2 + 10 + GLYPH / 2},0)">${samplingPattern(operation)}</g>
<text class="title" x="${text}" y="${detail ? -4 : 4}">${title}</text>${detail && `<text class="detail" x="${text}" y="13">${detail}</text>`}
<text class="number" x="${width / 2 - 8}" y="13">${index}</text></g>`
}

function words(operation: DpcOperation): { title: string; detail: string } {
  switch (operation.kind) {
    case 'conv1x1':
      return { title: '1×1', detail: '' }
    case 'atrous':
      return { title: '3×3 atrous', detail: `rate ${operation.rate.join('×')}` }
    case 'pyramid-pooling':
      return { title: 'pyramid pooling', detail: `grid ${operation.grid.join('×')}` }
  }
}

/** Where an operation looks: the nine taps of an atrous kernel to scale, or the cells of a pooling grid. */
function samplingPattern(operation: DpcOperation): string {
  switch (operation.kind) {
    case 'conv1x1':
      return dot(0, 0)
    case 'atrous': {
      const [dy, dx] = operation.rate.map((rate) => 4 + ((rate - 1) / 20) * 13) as [number, number]
      return [-1, 0, 1].flatMap((row) => [-1, 0, 1].map((column) => dot(column * dx, row * dy))).join('')
    }
    case 'pyramid-pooling': {
      const [rows, columns] = operation.grid
      const lines = [
        ...cuts(rows).map((at) => `M-16,${at}h32`),
        ...cuts(columns).map((at) => `M${at},-16v32`),
      ]
      return `<rect class="grid" x="-16" y="-16" width="32" height="32"/><path class="grid" d="${lines.join('')}"/>`
    }
  }
}
const dot = (x: number, y: number) => `<circle cx="${x}" cy="${y}" r="1.8"/>`
const cuts = (cells: number) => Array.from({ length: cells - 1 }, (_, i) => -16 + ((i + 1) * 32) / cells)

const describe = ({ branches }: DpcGenotype): string =>
  branches
    .map(({ input, operation }, i) => {
      const { title, detail } = words(operation)
      return `Branch ${i}: ${title}${detail && ` ${detail}`} of ${input === FEATURES ? 'backbone features F' : `branch ${input}`}.`
    })
    .join(' ')

const STYLE = `
.dpc{--ink:#1b2421;--quiet:#66716c;--line:#9aa5a0;--paper:#fff;--soft:#f3f5f2;--conv1x1:#51606f;--atrous:#0b7a68;--pooling:#b4600c;font:13px system-ui,sans-serif}
@media(prefers-color-scheme:dark){.dpc{--ink:#e5ebe8;--quiet:#93a09a;--line:#5d6a64;--paper:#161c1a;--soft:#1f2724;--conv1x1:#9fb0c0;--atrous:#4cc9b0;--pooling:#e8a24c}}
.dpc text{fill:var(--ink)}.dpc rect{fill:var(--paper);stroke:currentColor;stroke-width:1.2}
.dpc circle{fill:currentColor}.dpc .grid{fill:none;stroke:currentColor}
.dpc .edge{fill:none;stroke:var(--line);stroke-width:1.5}
.dpc .conv1x1{color:var(--conv1x1)}.dpc .atrous{color:var(--atrous)}.dpc .pyramid-pooling{color:var(--pooling)}
.dpc .end,.dpc .join{color:var(--line);text-anchor:middle}.dpc .end rect{fill:var(--soft)}
.dpc .title{font-weight:600}.dpc .detail,.dpc .number{fill:var(--quiet)}.dpc .number{font-size:11px;text-anchor:end}
`
