import type { Random } from '../../random.ts'
import type { Colour } from '../palette.ts'

/** Uniform in [low, high). */
export const between = (rng: Random, low: number, high: number): number => low + (high - low) * rng.uniform()

export const chance = (rng: Random, probability: number): boolean => rng.uniform() < probability

export const grey = (level: number): Colour => [level, level, level * 1.02]

export const scaled = ([red, green, blue]: Colour, factor: number): Colour => [
  red * factor,
  green * factor,
  blue * factor,
]

/** The colour, each channel up to `amount` off. */
export const near = (rng: Random, [red, green, blue]: Colour, amount: number): Colour => [
  red + between(rng, -amount, amount),
  green + between(rng, -amount, amount),
  blue + between(rng, -amount, amount),
]
