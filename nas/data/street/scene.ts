import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Camera } from './camera.ts'
import { grey } from './colours.ts'
import { type Light, planLight } from './light.ts'
import { type Ground, planGround } from './road.ts'
import { planSide, type Segment } from './segments.ts'
import { planThings, type Thing } from './things.ts'

/** The end of the street, in haze, metres ahead. */
export const END = 90

/** A street in metres; only the camera is in pixels. */
export interface Scene {
  readonly camera: Camera
  readonly light: Light
  readonly ground: Ground
  /** Buildings, parks and junctions of either side, near ones first. */
  readonly left: readonly Segment[]
  readonly right: readonly Segment[]
  /** Trees, poles, cars and people. */
  readonly things: readonly Thing[]
}

export function planScene(height: number, width: number, rng: Random): Scene {
  // One grey for road, pavement and many walls: colour alone must not tell them apart.
  const base = grey(uniform(rng, 95, 150))
  const ground = planGround(base, rng)
  const camera: Camera = {
    focal: width * uniform(rng, 0.5, 0.75),
    x: (bernoulli(rng, 0.5) ? 1 : -1) * uniform(rng, 1.2, 2.2),
    y: uniform(rng, 1.3, 2),
    vanishing: [width * uniform(rng, 0.38, 0.62), height * uniform(rng, 0.38, 0.52)],
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
