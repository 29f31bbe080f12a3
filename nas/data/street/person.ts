import type { Random } from '../../random.ts'
import { uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'
import { type Camera, project } from './camera.ts'
import { type Canvas, ellipse, polygon, shadow } from './canvas.ts'
import { PERSON } from './classes.ts'

/** Sizes in metres. */
export interface Person {
  readonly kind: 'person'
  readonly x: number
  readonly z: number
  readonly height: number
  /** Width of the shoulders relative to the height. */
  readonly build: number
  /** Distance between the feet relative to the height; the sign tells which leg is in front. */
  readonly stride: number
  readonly skin: Colour
  readonly hair: Colour
  readonly coat: Colour
  readonly trousers: Colour
}

const CLOTHES: readonly Colour[] = [
  [40, 45, 60],
  [110, 110, 112],
  [170, 40, 40],
  [60, 90, 140],
  [200, 190, 170],
  [35, 35, 35],
  [80, 100, 60],
]

export const planPerson = (x: number, z: number, rng: Random): Person => ({
  kind: 'person',
  x,
  z,
  height: uniform(rng, 1.2, 1.9),
  build: uniform(rng, 0.24, 0.3),
  stride: uniform(rng, -0.35, 0.35),
  skin: rng.pick<Colour>([
    [215, 170, 145],
    [170, 120, 90],
    [105, 72, 55],
  ]),
  hair: rng.pick<Colour>([
    [45, 35, 30],
    [120, 90, 60],
    [150, 145, 140],
  ]),
  coat: rng.pick(CLOTHES),
  trousers: rng.pick(CLOTHES),
})

export function drawPerson(canvas: Canvas, camera: Camera, person: Person, clear: number): void {
  const { x, z, height, build, stride } = person
  const pixels = (camera.focal * height) / z
  /** Projects a point relative to the person's height. */
  const at = (dx: number, y: number) => project(camera, x + dx * height, y * height, z)
  const ink = (colour: Colour, light = 1) => ({ label: PERSON, colour, light, clear })
  const half = build / 2
  shadow(canvas, at(0, 0), [0.25 * pixels, 0.04 * pixels], 0.65)
  for (const foot of [-stride / 2, stride / 2]) {
    polygon(
      canvas,
      [at(foot - 0.04, 0), at(foot + 0.05, 0), at(half * 0.75, 0.5), at(-half * 0.75, 0.5)],
      ink(person.trousers, foot < 0 ? 0.85 : 1),
    )
  }
  for (const hand of [-half - 0.03 + stride / 4, half + 0.03 - stride / 4]) {
    polygon(
      canvas,
      [at(hand - 0.03, 0.45), at(hand + 0.03, 0.45), at(Math.sign(hand) * half, 0.8), at(0, 0.8)],
      ink(person.coat, 0.8),
    )
  }
  polygon(
    canvas,
    [
      at(-half * 0.8, 0.45),
      at(half * 0.8, 0.45),
      at(half, 0.78),
      at(half * 0.6, 0.83),
      at(-half * 0.6, 0.83),
      at(-half, 0.78),
    ],
    ink(person.coat),
  )
  ellipse(canvas, at(0, 0.92), [0.058 * pixels, 0.08 * pixels], ink(person.hair))
  ellipse(canvas, at(0, 0.905), [0.045 * pixels, 0.06 * pixels], ink(person.skin))
}
