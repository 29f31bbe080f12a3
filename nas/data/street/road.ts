import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'
import { scaled } from './colours.ts'

/** Width of a lane, metres; in Europe lanes are 3 to 3.5 wide. */
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

/** @param base the grey shared with walls */
export function planGround(base: Colour, rng: Random): Ground {
  const lanes = bernoulli(rng, 0.3) ? 2 : 1
  const parking = bernoulli(rng, 0.5) ? 2.1 : 0.3
  const kerb = lanes * LANE + parking
  return {
    lanes,
    laneWidth: LANE,
    kerb,
    wall: kerb + uniform(rng, 2, 5.5),
    road: scaled(base, uniform(rng, 0.8, 1)),
    pavement: scaled(base, uniform(rng, 0.9, 1.2)),
    crossing: bernoulli(rng, 0.3) ? uniform(rng, 6, 25) : undefined,
  }
}
