import type { ConvolutionStage, TopformerGenotype, TransformerStage } from './genotype.ts'
import { PYRAMID, STRIDES } from './space.ts'

const BLOCK = 20
const GAP = 5
const LEFT = 8
const BASE = 150
const TALLEST = 92
const BOTTOM = 250

/**
 * Draws a network like Fig. 3 of Efficient-TopFormer: its blocks from left to right, convolutions the higher the more channels they
 * have, then the transformer, the higher the more channels its values have. Below each stage is what its blocks share.
 * Returns a whole SVG document that follows the reader's light or dark preference.
 */
export function topformerDiagram(genotype: TopformerGenotype): string {
  const stages = stagesOf(genotype)
  const widths = stages.map(({ blocks }) => Math.max(80, blocks * (BLOCK + GAP) + 12))
  const lefts = widths.map((_, i) => LEFT + widths.slice(0, i).reduce((sum, width) => sum + width, 0))
  const width = lefts.at(-1)! + widths.at(-1)! + LEFT
  const drawn = stages.map((stage, i) => drawStage(stage, lefts[i]!, widths[i]!))
  return `<svg xmlns="http://www.w3.org/2000/svg" class="topformer" viewBox="0 0 ${width} ${BOTTOM}" width="${width}" height="${BOTTOM}" role="img" aria-label="${describe(genotype)}">
<style>${STYLE}</style>
${drawn.join('\n')}
<text class="note" x="${LEFT}" y="${BOTTOM - 10}">↓: tokens for the transformer. Semantics are injected into ${genotype.injection} channels.</text>
</svg>
`
}

interface Stage {
  readonly name: string
  readonly blocks: number
  /** Of the tallest block of its half, from 0 to 1. */
  readonly height: number
  readonly style: string
  readonly lines: readonly string[]
  readonly isLevel: boolean
}

function stagesOf({ stem, convolutions, transformers }: TopformerGenotype): readonly Stage[] {
  const widest = Math.max(stem, ...convolutions.map(({ width }) => width))
  const most = Math.max(...transformers.map(valuesOf))
  let stride = 2
  return [
    {
      name: 'stem',
      blocks: 1,
      height: stem / widest,
      style: 'kernel3',
      lines: [`${stem} channels`, '3×3', '', `1/${stride}`],
      isLevel: false,
    },
    ...convolutions.map(({ width, depth, kernel, expansion }, i) => {
      stride *= STRIDES[i]!
      return {
        name: `MBConv-${i + 1}`,
        blocks: depth,
        height: width / widest,
        style: `kernel${kernel}`,
        lines: [`${width} channels`, `${kernel}×${kernel}`, `expand ${expansion}`, `1/${stride}`],
        isLevel: (PYRAMID as readonly number[]).includes(i),
      }
    }),
    ...transformers.map((stage, i) => ({
      name: `ViT-${i + 1}`,
      blocks: stage.depth,
      height: valuesOf(stage) / most,
      style: 'vit',
      lines: [
        `${stage.heads} heads`,
        `keys ${stage.keyDim}`,
        `values ×${stage.attentionRatio}`,
        `MLP ×${stage.mlpRatio}`,
      ],
      isLevel: false,
    })),
  ]
}

const valuesOf = ({ heads, keyDim, attentionRatio }: TransformerStage): number =>
  heads * keyDim * attentionRatio

function drawStage(
  { name, blocks, height, style, lines, isLevel }: Stage,
  left: number,
  width: number,
): string {
  const middle = left + width / 2
  const tall = Math.max(10, Math.round(TALLEST * height))
  const first = middle - (blocks * (BLOCK + GAP) - GAP) / 2
  const rects = Array.from(
    { length: blocks },
    (_, i) =>
      `<rect class="${style}" x="${first + i * (BLOCK + GAP)}" y="${BASE - tall}" width="${BLOCK}" height="${tall}" rx="4"/>`,
  )
  const texts = lines.map(
    (line, i) => `<text class="line" x="${middle}" y="${BASE + 16 + 16 * i}">${line}</text>`,
  )
  const mark = isLevel ? `<text x="${middle}" y="${BASE - tall - 6}">↓</text>` : ''
  return `<g data-stage="${name}"><text class="title" x="${middle}" y="20">${name}</text>${mark}${rects.join('')}${texts.join('')}</g>`
}

const describe = ({ stem, convolutions, transformers }: TopformerGenotype): string =>
  [
    `A stem of ${stem} channels`,
    ...convolutions.map(
      ({ width, depth, kernel, expansion }: ConvolutionStage, i) =>
        `MBConv-${i + 1}: ${depth} of ${width} channels, kernel ${kernel}, expansion ${expansion}`,
    ),
    ...transformers.map(
      ({ heads, keyDim, attentionRatio, mlpRatio, depth }, i) =>
        `ViT-${i + 1}: ${depth} of ${heads} heads, keys of ${keyDim}, attention ratio ${attentionRatio}, MLP ratio ${mlpRatio}`,
    ),
  ].join('. ')

const STYLE = `
.topformer{--ink:#1b2421;--quiet:#66716c;--kernel3:#51606f;--kernel5:#2a5fa5;--kernel7:#b4600c;--vit:#0b7a68;font:11px system-ui,sans-serif;text-anchor:middle}
@media(prefers-color-scheme:dark){.topformer{--ink:#e5ebe8;--quiet:#93a09a;--kernel3:#9fb0c0;--kernel5:#7db4f2;--kernel7:#e8a24c;--vit:#4cc9b0}}
.topformer text{fill:var(--ink)}.topformer .title{font-weight:600}.topformer .line{fill:var(--quiet)}.topformer .note{fill:var(--quiet);text-anchor:start}
.topformer .kernel3{fill:var(--kernel3)}.topformer .kernel5{fill:var(--kernel5)}.topformer .kernel7{fill:var(--kernel7)}.topformer .vit{fill:var(--vit)}
`
