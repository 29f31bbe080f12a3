import type { Colour } from '../palette.ts'
import type { Figure } from './figures.ts'

/** A square picture that is being painted: colours 0..255, size x size x 3. */
export interface Canvas {
  readonly size: number
  readonly colours: Float32Array
}

/** A factor on a colour, by position (in radii of a figure, or of the picture). */
export type Texture = (u: number, v: number) => number

/** A figure in the picture: the unit disc, scaled, rotated, translated. Pixels and radians. */
export interface Placed {
  readonly figure: Figure
  readonly centre: readonly [x: number, y: number]
  readonly radii: readonly [along: number, across: number]
  readonly angle: number
  readonly colour: Colour
  readonly texture: Texture
}

/** Paints a figure over the picture, with antialiased edges. */
export function paint({ size, colours }: Canvas, placed: Placed): void {
  const { figure, centre, radii, angle, colour, texture } = placed
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const reach = Math.max(...radii) * 1.1 + 1
  const sharpness = Math.min(...radii)
  const [left, right] = range(centre[0], reach, size)
  const [top, bottom] = range(centre[1], reach, size)
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const dx = x + 0.5 - centre[0]
      const dy = y + 0.5 - centre[1]
      const u = (dx * cos + dy * sin) / radii[0]
      const v = (dy * cos - dx * sin) / radii[1]
      const cover = Math.min(1, 0.5 - figure(u, v) * sharpness)
      if (cover <= 0) continue
      const light = texture(u, v) * cover
      const pixel = (y * size + x) * 3
      for (let channel = 0; channel < 3; channel++) {
        colours[pixel + channel] = colours[pixel + channel]! * (1 - cover) + colour[channel]! * light
      }
    }
  }
}

const range = (centre: number, reach: number, size: number): readonly [first: number, end: number] => [
  Math.max(0, Math.floor(centre - reach)),
  Math.min(size, Math.ceil(centre + reach)),
]
