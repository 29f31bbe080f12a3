import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'
import { type Canvas, type Placed, paint, type Texture } from './canvas.ts'
import { FIGURES, type Figure } from './figures.ts'

/**
 * One large figure on a background, with small figures of any class behind it and on it. The figure is light and the background
 * dark, in ranges that overlap. Position, size, stretch, tilt, colours, textures and noise are independent of the class; only the
 * outline depends on it.
 * @returns RGB, size x size x 3, 0..255
 */
export function renderShape(figure: Figure, size: number, rng: Random): Uint8Array {
  const canvas: Canvas = { size, colours: new Float32Array(size * size * 3) }
  drawGround(canvas, rng)
  for (let i = rng.integer(5); i > 0; i--) paint(canvas, small(size, rng))
  paint(canvas, large(figure, size, rng))
  for (let i = rng.integer(3); i > 0; i--) paint(canvas, small(size, rng))
  return expose(canvas, rng)
}

/** Radians. Figures of any rotation take a network many times as long to learn, longer than a search of minutes. */
const TILT = 0.5

const large = (figure: Figure, size: number, rng: Random): Placed => {
  const radius = size * uniform(rng, 0.2, 0.4)
  const stretch = uniform(rng, 0.8, 1.25)
  return {
    figure,
    centre: [size * uniform(rng, 0.32, 0.68), size * uniform(rng, 0.32, 0.68)],
    radii: [radius * stretch, radius / stretch],
    angle: uniform(rng, -TILT, TILT),
    colour: anyColour(rng, 120, 250),
    texture: anyTexture(rng, 0.2),
  }
}

const small = (size: number, rng: Random): Placed => {
  const radius = size * uniform(rng, 0.06, 0.15)
  return {
    figure: rng.pick(Object.values(FIGURES)),
    centre: [size * rng.uniform(), size * rng.uniform()],
    radii: [radius, radius * uniform(rng, 0.5, 1)],
    angle: uniform(rng, 0, 2 * Math.PI),
    colour: anyColour(rng, 20, 250),
    texture: anyTexture(rng, 0.2),
  }
}

const anyColour = (rng: Random, low: number, high: number): Colour => [
  uniform(rng, low, high),
  uniform(rng, low, high),
  uniform(rng, low, high),
]

/** Plain, striped or chequered, with an amplitude of at most `depth`. */
function anyTexture(rng: Random, depth: number): Texture {
  const amount = uniform(rng, 0, depth)
  const period = uniform(rng, 4, 12)
  const phase = uniform(rng, 0, 2 * Math.PI)
  switch (rng.integer(3)) {
    case 0:
      return () => 1
    case 1:
      return (u) => 1 + amount * Math.sin(period * u + phase)
    default:
      return (u, v) => 1 + amount * Math.sign(Math.sin(period * u + phase) * Math.sin(period * v))
  }
}

/** A texture with a gradient of light. */
function drawGround({ size, colours }: Canvas, rng: Random): void {
  const colour = anyColour(rng, 20, 155)
  const texture = anyTexture(rng, 0.25)
  const angle = uniform(rng, 0, 2 * Math.PI)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const slope = uniform(rng, 0, 0.35)
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const dx = (2 * x) / size - 1
      const dy = (2 * y) / size - 1
      const u = dx * cos + dy * sin
      const light = texture(u, dy * cos - dx * sin) * (1 + slope * u)
      for (let channel = 0; channel < 3; channel++) colours[i++] = colour[channel]! * light
    }
  }
}

/** The camera: exposure, a colour cast in some pictures, and sensor noise. */
function expose({ colours }: Canvas, rng: Random): Uint8Array {
  const exposure = uniform(rng, 0.7, 1.2)
  const warmth = bernoulli(rng, 0.5) ? uniform(rng, -0.15, 0.15) : 0
  const gains = [exposure * (1 + warmth), exposure, exposure * (1 - warmth)]
  const noise = uniform(rng, 2, 16) * Math.sqrt(12)
  const image = new Uint8Array(colours.length)
  for (let i = 0; i < colours.length; i += 3) {
    const grain = (rng.uniform() - 0.5) * noise
    for (let channel = 0; channel < 3; channel++) {
      const value = colours[i + channel]! * gains[channel]! + grain
      image[i + channel] = Math.min(255, Math.max(0, Math.round(value)))
    }
  }
  return image
}
