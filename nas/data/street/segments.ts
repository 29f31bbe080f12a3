import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'
import { jittered, scaled } from './colours.ts'
import { planTree, type Tree } from './tree.ts'

/** Sizes in metres. */
export interface Building {
  readonly kind: 'building'
  readonly from: number
  readonly to: number
  readonly height: number
  readonly wall: Colour
  readonly glass: Colour
  /** Distance from window to window, along and up. */
  readonly bay: number
  readonly storey: number
  /** Fraction of a bay, and of a storey, that is glass. */
  readonly glazing: readonly [along: number, up: number]
  /** Colour of the band over the shop windows of the ground floor; undefined for a dwelling. */
  readonly shop: Colour | undefined
}

/** A fence or garden wall with trees behind it. */
export interface Park {
  readonly kind: 'park'
  readonly from: number
  readonly to: number
  readonly height: number
  readonly colour: Colour
  /** Distance between bars; undefined for a solid wall. */
  readonly bars: number | undefined
  /** Far ones first; x counts from the building line. */
  readonly trees: readonly Tree[]
}

/** A side street. */
interface Junction {
  readonly kind: 'junction'
  readonly from: number
  readonly to: number
}

/** A stretch of one side of the street, from `from` to `to` metres ahead. */
export type Segment = Building | Park | Junction

const PLASTER: readonly Colour[] = [
  [150, 85, 65],
  [205, 190, 155],
  [190, 150, 100],
  [215, 212, 205],
  [120, 105, 95],
]

/** @param base the grey shared with road and pavement */
export function planSide(base: Colour, end: number, rng: Random): Segment[] {
  const segments: Segment[] = []
  let from = uniform(rng, -8, 1)
  while (from < end) {
    const previous = segments.at(-1)?.kind
    const draw = rng.uniform()
    if (draw < 0.17 && previous === 'building')
      segments.push({ kind: 'junction', from, to: from + uniform(rng, 5, 9) })
    else if (draw < 0.36 && previous !== 'park') segments.push(planPark(base, from, rng))
    else segments.push(planBuilding(base, from, rng))
    from = segments.at(-1)!.to
  }
  return segments
}

function planBuilding(base: Colour, from: number, rng: Random): Building {
  const storey = uniform(rng, 2.8, 3.8)
  const colour = bernoulli(rng, 0.55) ? scaled(base, uniform(rng, 0.8, 1.25)) : rng.pick(PLASTER)
  return {
    kind: 'building',
    from,
    to: from + uniform(rng, 7, 20),
    height: storey * (2 + rng.integer(5)) + 0.6,
    wall: jittered(rng, colour, 8),
    glass: bernoulli(rng, 0.6) ? [45, 55, 65] : [150, 170, 190],
    bay: uniform(rng, 2, 3.6),
    storey,
    glazing: [uniform(rng, 0.35, 0.65), uniform(rng, 0.4, 0.6)],
    shop: bernoulli(rng, 0.4)
      ? [uniform(rng, 40, 220), uniform(rng, 40, 200), uniform(rng, 40, 200)]
      : undefined,
  }
}

function planPark(base: Colour, from: number, rng: Random): Park {
  const to = from + uniform(rng, 8, 20)
  const trees: Tree[] = []
  for (let z = to - 1; z > from; z -= uniform(rng, 1.5, 3.5)) trees.push(planTree(uniform(rng, 2, 6), z, rng))
  return {
    kind: 'park',
    from,
    to,
    height: uniform(rng, 2, 2.5),
    colour: bernoulli(rng, 0.6)
      ? scaled(base, uniform(rng, 0.8, 1.2))
      : rng.pick<Colour>([
          [60, 75, 60],
          [110, 75, 50],
        ]),
    bars: bernoulli(rng, 0.5) ? uniform(rng, 0.25, 0.6) : undefined,
    trees,
  }
}
