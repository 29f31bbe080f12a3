import type { Random } from '../random.ts'

/** Uniform in [low, high). */
export const uniform = (rng: Random, low: number, high: number): number => low + (high - low) * rng.uniform()

/** True with a probability. */
export const bernoulli = (rng: Random, probability: number): boolean => rng.uniform() < probability
