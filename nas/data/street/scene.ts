import type { Random } from '../../random.ts'
import type { Camera } from './camera.ts'
import { between, chance, grey } from './chance.ts'
import { type Light, planLight } from './light.ts'
import { type Ground, planGround } from './road.ts'
import { planSide, type Segment } from './segments.ts'
import { planThings, type Thing } from './things.ts'

/** Where the street ends in haze, metres ahead. */
export const END = 90

/** A street before it is drawn: everything in metres, nothing in pixels except the camera's. */
export interface Scene {
  readonly camera: Camera
  readonly light: Light
  readonly ground: Ground
  /** What lines the street on either side, near things first. */
  readonly left: readonly Segment[]
  readonly right: readonly Segment[]
  /** Trees, poles, cars and people. */
  readonly things: readonly Thing[]
}

export function planScene(height: number, width: number, rng: Random): Scene {
  // One grey for road, pavement and many walls: colour alone must not tell them apart.
  const base = grey(between(rng, 95, 150))
  const ground = planGround(base, rng)
  const camera: Camera = {
    focal: width * between(rng, 0.5, 0.75),
    x: (chance(rng, 0.5) ? 1 : -1) * between(rng, 1.2, 2.2),
    y: between(rng, 1.3, 2),
    vanishing: [width * between(rng, 0.38, 0.62), height * between(rng, 0.38, 0.52)],
  }
  return {
    camera,
    light: planLight(rng),
    ground,
    left: planSide(base, END, rng),
    right: planSide(base, END, rng),
    things: planThings(ground, camera, END, rng),
  }
}
