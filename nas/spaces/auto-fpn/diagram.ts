import { cellFigure, describeCell } from './cell-diagram.ts'
import type { AutoFpnGenotype } from './genotype.ts'
import type { Figure } from './link-diagram.ts'
import { liveOf } from './live.ts'
import { describeNeck, neckFigure } from './neck-diagram.ts'

const GAP = 36
const LEGEND =
  'id: identity · d2, d3: dilated, rate 2 or 3 · sep: depthwise-separable · faint: changes nothing'

/**
 * Draws what a search has found like Fig. 4 of the paper: the neck, and the cells of the head below it. Returns a whole SVG document
 * that follows the reader's light or dark preference.
 */
export function autoFpnDiagram(genotype: AutoFpnGenotype): string {
  const { neck, head } = genotype
  const live = liveOf(genotype).head
  const figures = [
    ...(neck === undefined ? [] : [neckFigure(neck)]),
    ...(head?.cells ?? []).map((cell, m) => cellFigure(m, cell, live!.cells[m]!)),
  ]
  const width = Math.max(...figures.map((figure) => figure.width), 520)
  const { svg, bottom } = stacked(figures, width)
  const words = [
    ...(neck === undefined ? [] : [describeNeck(neck)]),
    ...(head?.cells ?? []).map((cell, m) => describeCell(m, cell)),
  ]
  const height = bottom + 20
  return `<svg xmlns="http://www.w3.org/2000/svg" class="auto-fpn" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${words.join(' ')}">
<style>${STYLE}</style>
<defs><marker id="auto-fpn-arrow" markerUnits="userSpaceOnUse" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" orient="auto"><path d="M0,0L8,4L0,8z"/></marker></defs>
${svg}
<text class="legend" x="${width / 2}" y="${height - 6}">${LEGEND}</text>
</svg>
`
}

/** Below each other, each in the middle. */
function stacked(figures: readonly Figure[], width: number) {
  let bottom = 0
  const parts = figures.map((figure) => {
    const part = `<g transform="translate(${(width - figure.width) / 2},${bottom})">${figure.svg}</g>`
    bottom += figure.height + GAP
    return part
  })
  return { svg: parts.join('\n'), bottom }
}

const STYLE = `
.auto-fpn{--ink:#1b2421;--quiet:#66716c;--line:#9aa5a0;--paper:#fff;--soft:#f3f5f2;--kernel3:#0b7a68;--kernel5:#b4600c;font:12px system-ui,sans-serif;text-anchor:middle}
@media(prefers-color-scheme:dark){.auto-fpn{--ink:#e5ebe8;--quiet:#93a09a;--line:#5d6a64;--paper:#161c1a;--soft:#1f2724;--kernel3:#4cc9b0;--kernel5:#e8a24c}}
.auto-fpn text{fill:var(--ink)}.auto-fpn .title{font-weight:600}.auto-fpn .legend{fill:var(--quiet);font-size:11px}
.auto-fpn .node rect{fill:var(--soft);stroke:var(--line);stroke-width:1.2}
.auto-fpn .join{fill:none;stroke:var(--line);stroke-width:1.2}
.auto-fpn .identity{--link:var(--quiet)}.auto-fpn .kernel3{--link:var(--kernel3)}.auto-fpn .kernel5{--link:var(--kernel5)}
.auto-fpn .link{fill:none;stroke:var(--link);stroke-width:1.6}.auto-fpn .link.conv{stroke-width:2.6}.auto-fpn .link.identity{stroke-width:1.2}
.auto-fpn .link.rate2{stroke-dasharray:7 3}.auto-fpn .link.rate3{stroke-dasharray:2 3}
.auto-fpn .label{fill:var(--link);font-size:10.5px;font-weight:600;paint-order:stroke;stroke:var(--paper);stroke-width:4px}
.auto-fpn .idle{opacity:.25}.auto-fpn marker path{fill:var(--quiet)}
`
