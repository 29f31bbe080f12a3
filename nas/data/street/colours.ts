import type { Random } from '../../random.ts'
import { uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'

export const grey = (level: number): Colour => [level, level, level * 1.02]

export const scaled = ([red, green, blue]: Colour, factor: number): Colour => [
  red * factor,
  green * factor,
  blue * factor,
]

/** Adds uniform noise from ±`amount` to each channel. */
export const jittered = (rng: Random, [red, green, blue]: Colour, amount: number): Colour => [
  red + uniform(rng, -amount, amount),
  green + uniform(rng, -amount, amount),
  blue + uniform(rng, -amount, amount),
]
