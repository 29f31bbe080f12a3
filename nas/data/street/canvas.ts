import type { Colour } from '../palette.ts'
import type { Point } from './camera.ts'
import type { FigureKind } from './classes.ts'

/** A picture and its labels that are being painted, far things first. */
export interface Canvas {
  readonly height: number
  readonly width: number
  /** height x width x 3. */
  readonly colours: Float32Array
  /** height x width. */
  readonly labels: Uint8Array
  /** The colour that distance fades to. */
  readonly haze: Colour
  /** height x width: which of the figures covers a pixel, 0 for none. */
  readonly owners: Uint16Array
  /** What has been painted as a whole; the first stands for all else. */
  readonly figures: Figure[]
  /** Whose pixels are being painted. */
  owner: number
}

/** A thing with an outline of its own. */
export interface Figure {
  readonly kind: FigureKind | undefined
  /** Pixels that it would cover if nothing were before it. */
  pixels: number
}

/** The label and colour of a surface. */
interface Ink {
  readonly label: number
  readonly colour: Colour
  /** Factor on the colour. */
  readonly light: number
  /** The transmittance of the haze, 0..1. */
  readonly clear: number
}

export const newCanvas = (height: number, width: number, haze: Colour): Canvas => ({
  height,
  width,
  colours: new Float32Array(height * width * 3),
  labels: new Uint8Array(height * width),
  haze,
  owners: new Uint16Array(height * width),
  figures: [{ kind: undefined, pixels: 0 }],
  owner: 0,
})

/** What `paint` covers is one figure, until something nearer covers it. */
export function figure(canvas: Canvas, kind: FigureKind, paint: () => void): void {
  canvas.owner = canvas.figures.push({ kind, pixels: 0 }) - 1
  paint()
  canvas.owner = 0
}

/** Paints one pixel. */
export function dot(
  { colours, labels, haze, owners, owner, figures }: Canvas,
  pixel: number,
  label: number,
  colour: Colour,
  light: number,
  clear: number,
): void {
  labels[pixel] = label
  if (owners[pixel] !== owner) {
    owners[pixel] = owner
    figures[owner]!.pixels++
  }
  const own = light * clear
  const air = 1 - clear
  colours[pixel * 3] = colour[0] * own + haze[0] * air
  colours[pixel * 3 + 1] = colour[1] * own + haze[1] * air
  colours[pixel * 3 + 2] = colour[2] * own + haze[2] * air
}

/** Fills a row from `left` to `right` (fractional pixels), at least one pixel: distant poles stay visible. */
function span(canvas: Canvas, y: number, left: number, right: number, ink: Ink): void {
  const first = Math.round(left)
  const end = Math.min(canvas.width, Math.max(Math.round(right), first + 1))
  for (let x = Math.max(0, first); x < end; x++) {
    dot(canvas, y * canvas.width + x, ink.label, ink.colour, ink.light, ink.clear)
  }
}

/** Fills a convex polygon. */
export function polygon(canvas: Canvas, points: readonly Point[], ink: Ink): void {
  const top = Math.min(...points.map(([, y]) => y))
  const bottom = Math.max(...points.map(([, y]) => y))
  const last = Math.min(canvas.height, Math.round(bottom))
  for (let y = Math.max(0, Math.round(top)); y < last; y++) {
    const centre = y + 0.5
    let left = Number.POSITIVE_INFINITY
    let right = Number.NEGATIVE_INFINITY
    for (const [i, [x1, y1]] of points.entries()) {
      const [x2, y2] = points[(i + 1) % points.length]!
      if (y1 <= centre === y2 <= centre) continue
      const x = x1 + ((centre - y1) / (y2 - y1)) * (x2 - x1)
      left = Math.min(left, x)
      right = Math.max(right, x)
    }
    if (left <= right) span(canvas, y, left, right, ink)
  }
}

/** Fills an upright rectangle between two corners. */
export const rectangle = (canvas: Canvas, [x1, y1]: Point, [x2, y2]: Point, ink: Ink): void =>
  polygon(
    canvas,
    [
      [x1, y1],
      [x2, y1],
      [x2, y2],
      [x1, y2],
    ],
    ink,
  )

export function ellipse(canvas: Canvas, [x, y]: Point, [rx, ry]: Point, ink: Ink): void {
  forRows(canvas, [x, y], [rx, ry], (row, half) => span(canvas, row, x - half, x + half, ink))
}

/** Darkens an elliptic patch; the labels stay. */
export function shadow(canvas: Canvas, [x, y]: Point, [rx, ry]: Point, light: number): void {
  forRows(canvas, [x, y], [rx, ry], (row, half) => {
    const start = (row * canvas.width + Math.max(0, Math.round(x - half))) * 3
    const end = (row * canvas.width + Math.min(canvas.width, Math.round(x + half))) * 3
    for (let i = start; i < end; i++) canvas.colours[i]! *= light
  })
}

function forRows(
  canvas: Canvas,
  [, y]: Point,
  [rx, ry]: Point,
  paint: (row: number, half: number) => void,
): void {
  const last = Math.min(canvas.height, Math.round(y + ry))
  for (let row = Math.max(0, Math.round(y - ry)); row < last; row++) {
    const height = (row + 0.5 - y) / ry
    if (Math.abs(height) < 1) paint(row, rx * Math.sqrt(1 - height * height))
  }
}
