import type { Random } from '../../random.ts'
import type { Colour } from '../palette.ts'
import type { Camera } from './camera.ts'
import { between, chance, grey, scaled } from './chance.ts'
import { type Light, planLight } from './light.ts'
import { planSide, type Segment } from './segments.ts'
import { planThings, type Thing } from './things.ts'

/** Where the street ends in haze, metres ahead. */
export const END = 90

/** Metres; one in Europe is 3 to 3.5 wide. */
const LANE = 3.2

/** The ground, symmetric about X = 0, the centre line. Distances from it in metres. */
export interface Ground {
  /** Lanes in each direction. */
  readonly lanes: number
  readonly laneWidth: number
  readonly kerb: number
  /** The building line, behind the pavement. */
  readonly wall: number
  readonly road: Colour
  readonly pavement: Colour
  /** Start of a zebra crossing, metres ahead; undefined where there is none. */
  readonly crossing: number | undefined
}

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
  const lanes = chance(rng, 0.3) ? 2 : 1
  const parking = chance(rng, 0.5) ? 2.1 : 0.3
  const kerb = lanes * LANE + parking
  const ground: Ground = {
    lanes,
    laneWidth: LANE,
    kerb,
    wall: kerb + between(rng, 2, 5.5),
    road: scaled(base, between(rng, 0.8, 1)),
    pavement: scaled(base, between(rng, 0.9, 1.2)),
    crossing: chance(rng, 0.3) ? between(rng, 6, 25) : undefined,
  }
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
