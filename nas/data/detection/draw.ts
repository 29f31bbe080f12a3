import type { Box } from '../../boxes/boxes.ts'
import type { Pixels } from '../dataset.ts'
import type { Colour } from '../palette.ts'

/** What a detector has found. */
export interface FoundBox {
  readonly box: Box
  readonly label: number
  readonly score: number
}

/** A detector reports a hundred boxes of an image, of which most are hardly likely: those below this score are not drawn. */
export const LEAST_DRAWN = 0.3

const WHITE: Colour = [255, 255, 255]
const BLACK: Colour = [0, 0, 0]

/** Pixels. */
const LINE = 2
const DASH = 6
const GLYPH = 2

/** The angle between hues of which no two come to lie close together, however many there are. */
const GOLDEN_ANGLE = 360 * (2 - (1 + Math.sqrt(5)) / 2)
const [SATURATION, LIGHTNESS] = [0.95, 0.68]

/** Colours of the lines around boxes, by label: bright ones, in which black digits can be read. Those of masks are too dark for lines. */
export const boxColours = (classes: number): readonly Colour[] =>
  Array.from({ length: classes }, (_, label) => bright((25 + label * GOLDEN_ANGLE) % 360))

/** A hue in degrees (HSL, CSS Color 4 section 7.1). */
function bright(hue: number): Colour {
  const reach = SATURATION * Math.min(LIGHTNESS, 1 - LIGHTNESS)
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    return Math.round(255 * (LIGHTNESS - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

/**
 * An RGB image with true boxes in dashes of white and black, and what was found in lines of its class's colour, with the score in per
 * cent, where that is likely. The two lie side by side where they agree. The likeliest are drawn last.
 */
export function drawBoxes(
  { height, width, data }: Pixels,
  truths: readonly Box[],
  found: readonly FoundBox[],
  colours: readonly Colour[],
): Pixels {
  const picture = { height, width, data: Uint8Array.from(data) }
  for (const box of truths) outline(picture, box, 0, (i) => (Math.floor(i / DASH) % 2 === 0 ? WHITE : BLACK))
  const likely = found.filter(({ score }) => score >= LEAST_DRAWN)
  for (const { box, label, score } of likely.toSorted((a, b) => a.score - b.score)) {
    const colour = colours[label]!
    outline(picture, box, LINE, () => colour)
    tag(picture, box, `${Math.round(100 * score)}`, colour)
  }
  return picture
}

/** Draws a line inside of a box. @param inset its distance from the edges @param colourAt by the distance from a corner */
function outline(picture: Pixels, box: Box, inset: number, colourAt: (distance: number) => Colour): void {
  const [left, top, right, bottom] = inside(picture, box)
  for (let i = inset; i < inset + LINE; i++) {
    for (let x = left + inset; x <= right - inset; x++)
      for (const y of [top + i, bottom - i]) dot(picture, x, y, colourAt(x - left))
    for (let y = top + inset; y <= bottom - inset; y++)
      for (const x of [left + i, right - i]) dot(picture, x, y, colourAt(y - top))
  }
}

/** The first and the last pixels of a box. */
const inside = ({ height, width }: Pixels, [left, top, right, bottom]: Box) =>
  [
    Math.max(0, Math.round(left)),
    Math.max(0, Math.round(top)),
    Math.min(width, Math.round(right)) - 1,
    Math.min(height, Math.round(bottom)) - 1,
  ] as const

/** Digits of 3x5 dots, a bit a dot, by rows. */
const DIGITS = [
  0b111101101101111, 0b010110010010111, 0b111001111100111, 0b111001111001111, 0b101101111001001,
  0b111100111001111, 0b111100111101111, 0b111001001001001, 0b111101111101111, 0b111101111001111,
]
const [COLUMNS, ROWS] = [3, 5]

/** A number in black on a patch, above a box or, where that would be outside of the image, in it. */
function tag(picture: Pixels, box: Box, digits: string, colour: Colour): void {
  const [height, width] = [(ROWS + 2) * GLYPH, (digits.length * (COLUMNS + 1) + 1) * GLYPH]
  const [left, top] = inside(picture, box)
  const x = Math.max(0, Math.min(left + LINE, picture.width - width))
  const y = top >= height - LINE ? top + LINE - height : top + LINE
  fill(picture, [x, y], [height, width], colour)
  for (const [n, digit] of [...digits].entries())
    for (let i = 0; i < ROWS * COLUMNS; i++) {
      if (((DIGITS[Number(digit)]! >> (ROWS * COLUMNS - 1 - i)) & 1) === 0) continue
      const across = 1 + n * (COLUMNS + 1) + (i % COLUMNS)
      const down = 1 + Math.floor(i / COLUMNS)
      fill(picture, [x + across * GLYPH, y + down * GLYPH], [GLYPH, GLYPH], BLACK)
    }
}

function fill(
  picture: Pixels,
  [left, top]: readonly [number, number],
  [height, width]: readonly [number, number],
  colour: Colour,
): void {
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + width; x++) dot(picture, x, y, colour)
}

function dot({ height, width, data }: Pixels, x: number, y: number, colour: Colour): void {
  if (x >= 0 && x < width && y >= 0 && y < height) data.set(colour, 3 * (y * width + x))
}
