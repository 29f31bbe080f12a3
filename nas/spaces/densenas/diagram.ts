import type { DenseNasGenotype, Operation } from './genotype.ts'
import { mbConvOf, operationLabel } from './operation-label.ts'
import { type Block, blocksOf, type DenseNasSpace } from './space.ts'

export interface DenseNasPicture {
  readonly space: DenseNasSpace
  /** Side of the images, in pixels. */
  readonly image: number
  readonly genotype: DenseNasGenotype
  /** Indices of its blocks in the space, from the first to the last convolution. */
  readonly path: readonly number[]
  /** Of the connections (Eq. 3), by block, by output. Without them all connections are drawn alike. */
  readonly probabilities?: readonly (readonly number[])[]
}

type Point = { readonly x: number; readonly y: number }

const NODE = { width: 36, height: 22 }
const LAYER = 18
const ROW = 23
const LEFT = 62
const TOP = 48
const LINE = 18

/**
 * Draws a network within its space, like Fig. 3 and 4 of the DenseNAS paper. Above: blocks from left to right by stage,
 * the higher the wider, with all connections of the space and the path through them. Below:
 * the layers of every block on the path. Returns a whole SVG document that follows the reader's light or dark preference.
 */
export function denseNasDiagram(picture: DenseNasPicture): string {
  const { space, image, genotype, path } = picture
  const blocks = blocksOf(space)
  const { column, floor, layersTop, bottom, width, height, depth, at } = layoutOf(blocks)
  return `<svg xmlns="http://www.w3.org/2000/svg" class="densenas" viewBox="0 0 ${r(width)} ${height}" width="${r(width)}" height="${height}" role="img" aria-label="${describe(blocks, genotype, path, image)}">
<style>${STYLE}</style>
${stagesOf(space)
  .map(({ from, to, stride }, stage) => {
    const [x, length] = [LEFT + from * column, (to - from) * column]
    const side = image / stride
    return `<rect class="stage${stage % 2 === 0 ? ' even' : ''}" x="${r(x)}" y="0" width="${r(length)}" height="${bottom + 6}"/><text class="title" x="${r(x + length / 2)}" y="19">${side}×${side}</text>`
  })
  .join('\n')}
<text class="row" x="0" y="${TOP + 24}" dy="0.35em">wide</text><text class="row" x="0" y="${floor}" dy="0.35em">narrow</text>
<text class="row" x="0" y="${layersTop + LAYER / 2}" dy="0.35em">head</text>${depth > 1 ? `<text class="row" x="0" y="${layersTop + ROW + LAYER / 2}" dy="0.35em">stack</text>` : ''}
${connectionsOf(blocks, picture)
  .map(({ i, j, probability, chosen }) =>
    drawConnection(at(i), at(j), probability, chosen, `${blocks[i]!.width}-${blocks[j]!.width}`),
  )
  .join('\n')}
${blocks.map(({ width }, i) => drawNode(at(i), width, path.includes(i))).join('\n')}
${path
  .map((i, step) => {
    const end = i === blocks.length - 1
    const layers = end ? [] : layersOf(genotype, step)
    const skipped = end ? 0 : 1 + blocks[i]!.layers - layers.length
    return drawLayers(at(i), layersTop, layers, skipped, end)
  })
  .join('\n')}
<text class="row" x="${LEFT}" y="${bottom + LINE + 6}">${legend(genotype)}</text>
</svg>
`
}

/** Positions and sizes. */
function layoutOf(blocks: readonly Block[]) {
  const column = Math.min(96, Math.max(54, 960 / blocks.length))
  const rise = Math.min(420, 30 * blocks.length)
  const floor = TOP + 24 + rise
  const depth = Math.max(...blocks.map(({ layers }) => layers)) + 1
  const layersTop = floor + 52
  const bottom = layersTop + depth * ROW
  const [width, height] = [LEFT + blocks.length * column + 8, bottom + 2 * LINE + 14]

  const [first, widest] = [blocks[0]!.width, blocks.at(-2)!.width]
  const at = (i: number): Point => {
    // The last convolution is no block of its stage and far wider than any: it is as high as the widest.
    const block = Math.min(i, blocks.length - 2)
    const logarithm = Math.log(blocks[block]!.width / first) / Math.log(widest / first)
    // Half by place, so that blocks of nearly equal width keep clear of each other's connections.
    const height = (logarithm + block / (blocks.length - 2)) / 2
    return { x: LEFT + (i + 0.5) * column, y: floor - height * rise }
  }
  return { column, floor, depth, layersTop, bottom, width, height, at }
}

/** In the order in which they are drawn: those of the path lie on top of the others. */
function connectionsOf(blocks: readonly Block[], { path, probabilities }: DenseNasPicture) {
  const onPath = (i: number, j: number) => path[path.indexOf(i) + 1] === j && path.includes(i)
  return blocks
    .flatMap(({ outputs }, i) =>
      outputs.map((j, k) => ({ i, j, probability: probabilities?.[i]?.[k], chosen: onPath(i, j) })),
    )
    .toSorted((a, b) => Number(a.chosen) - Number(b.chosen))
}

function stagesOf({ stages }: DenseNasSpace) {
  let to = 0
  return [...stages, { stride: stages.at(-1)!.stride, widths: [0] }].map(({ stride, widths }) => {
    const from = to
    to += widths.length
    return { stride, from, to }
  })
}

/** A curve up and then to the right, around the blocks that the connection skips. */
function drawConnection(
  from: Point,
  to: Point,
  probability: number | undefined,
  chosen: boolean,
  name: string,
): string {
  const [x, y] = [from.x, from.y - NODE.height / 2]
  const end = to.x - NODE.width / 2
  const weight = chosen ? 3.5 : 1.25
  const opacity = chosen ? 1 : 0.2 + 0.8 * (probability ?? 0.25)
  const percent = probability === undefined ? '' : `${Math.round(probability * 100)} %`
  const title = `<title>${name.replace('-', ' → ')}${percent && `: ${percent}`}</title>`
  const label =
    chosen && percent
      ? `<text class="probability" x="${r(to.x)}" y="${r(to.y + NODE.height / 2 + 11)}">${percent}</text>`
      : ''
  return `<g class="connection${chosen ? ' chosen' : ''}" data-connection="${name}"><path stroke-width="${weight}" stroke-opacity="${r(opacity)}" d="M${r(x)},${r(y)}C${r(x)},${r((y + 5 * to.y) / 6)} ${r((5 * x + end) / 6)},${r(to.y)} ${r(end)},${r(to.y)}">${title}</path>${label}</g>`
}

const drawNode = ({ x, y }: Point, width: number, chosen: boolean): string =>
  `<g class="block${chosen ? ' chosen' : ''}" data-block="${width}"><rect x="${r(x - NODE.width / 2)}" y="${r(y - NODE.height / 2)}" width="${NODE.width}" height="${NODE.height}" rx="6"/><text x="${r(x)}" y="${r(y)}" dy="0.35em">${width}</text></g>`

function drawLayers(
  node: Point,
  top: number,
  layers: readonly Operation[],
  skipped: number,
  isLast: boolean,
): string {
  const pill = (row: number, style: string, width: number, label: string) =>
    `<g class="${style}"><rect x="${r(node.x - width / 2)}" y="${top + row * ROW}" width="${width}" height="${LAYER}" rx="4"/><text x="${r(node.x)}" y="${top + row * ROW + LAYER / 2}" dy="0.35em">${label}</text></g>`
  const pills = layers.map((operation, row) => {
    const { kernel, expansion } = mbConvOf(operation) ?? { kernel: 3, expansion: 6 }
    return pill(row, `layer kernel${kernel}`, 34 + 2 * (expansion - 1), operationLabel(operation))
  })
  const gaps = Array.from({ length: skipped }, (_, k) => pill(layers.length + k, 'layer skipped', 34, ''))
  const last = isLast ? pill(0, 'layer', 34, '1×1') : ''
  return `<path class="guide" d="M${r(node.x)},${r(node.y + NODE.height / 2 + 15)}V${top}"/>${pills.join('')}${gaps.join('')}${last}`
}

const layersOf = ({ blocks }: DenseNasGenotype, step: number): readonly Operation[] => [
  blocks[step]!.head,
  ...blocks[step]!.stack,
]

const legend = ({ blocks }: DenseNasGenotype): string => {
  const mbConv = blocks.some(({ head, stack }) => [head, ...stack].some((operation) => mbConvOf(operation)))
  return `${mbConv ? 'k5e3: MBConv of kernel 5×5 and expansion 3. ' : ''}Dashed: a layer that was skipped.`
}

function describe(
  blocks: readonly Block[],
  genotype: DenseNasGenotype,
  path: readonly number[],
  image: number,
): string {
  const steps = path.map((i, step) => {
    const { width, stride } = blocks[i]!
    const layers =
      i === blocks.length - 1 ? ['1×1 convolution'] : layersOf(genotype, step).map(operationLabel)
    return `${width} channels at ${image / stride}×${image / stride}: ${layers.join(', ')}`
  })
  return `The path through ${path.length - 1} of ${blocks.length - 1} blocks. ${steps.join('. ')}.`
}

const r = (x: number): number => Number(x.toFixed(2))

const STYLE = `
.densenas{--ink:#1b2421;--quiet:#66716c;--line:#9aa5a0;--paper:#fff;--soft:#f3f5f2;--chosen:#0b7a68;--kernel3:#51606f;--kernel5:#2a5fa5;--kernel7:#b4600c;font:12px system-ui,sans-serif;text-anchor:middle}
@media(prefers-color-scheme:dark){.densenas{--ink:#e5ebe8;--quiet:#93a09a;--line:#5d6a64;--paper:#121715;--soft:#1a211e;--chosen:#4cc9b0;--kernel3:#9fb0c0;--kernel5:#7db4f2;--kernel7:#e8a24c}}
.densenas text{fill:var(--ink)}.densenas .title{font-size:11px;font-weight:600}.densenas .row{fill:var(--quiet);text-anchor:start}
.densenas .stage{fill:none}.densenas .stage.even{fill:var(--soft)}
.densenas .connection path{fill:none;stroke:var(--quiet)}.densenas .connection.chosen path{stroke:var(--chosen)}
.densenas .probability{font-size:10px}
.densenas .block rect{fill:var(--paper);stroke:var(--line)}.densenas .block text{fill:var(--quiet)}
.densenas .block.chosen rect{fill:var(--chosen);stroke:var(--chosen)}.densenas .block.chosen text{fill:var(--paper);font-weight:600}
.densenas .guide{stroke:var(--line);stroke-dasharray:1 4;fill:none}
.densenas .layer{--kernel:var(--line);font-size:11px}.densenas .layer rect{fill:var(--paper);stroke:var(--kernel);stroke-width:1.3}.densenas .layer text{fill:var(--kernel);font-weight:600}
.densenas .kernel3{--kernel:var(--kernel3)}.densenas .kernel5{--kernel:var(--kernel5)}.densenas .kernel7{--kernel:var(--kernel7)}
.densenas .skipped rect{stroke-dasharray:3 3}.densenas g.layer:not([class*=kernel]) text{fill:var(--quiet)}
`
