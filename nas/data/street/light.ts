import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'

export interface Light {
  /** The side of the sun; walls of that side are in shade and cast a shadow on the road. */
  readonly sun: 'left' | 'right'
  /** Relative brightness in shade; 1 under clouds. */
  readonly shade: number
  /** Length of a building's shadow from its wall, metres. */
  readonly reach: number
  /** Distance at which haze attenuates a colour to 1/e, metres. */
  readonly visibility: number
  readonly horizon: Colour
  readonly zenith: Colour
  /** Contrast of the clouds. */
  readonly clouds: number
  /** White balance and exposure of the camera: a factor for each channel. */
  readonly exposure: Colour
  /** Standard deviation of the sensor's noise, 0..255. */
  readonly noise: number
}

export function planLight(rng: Random): Light {
  const sunny = bernoulli(rng, 0.6)
  const exposure = uniform(rng, 0.75, 1.15)
  const warmth = uniform(rng, -0.08, 0.08)
  // An overcast sky is as grey as walls and road are.
  const cloud = uniform(rng, 150, 215)
  return {
    sun: rng.pick(['left', 'right']),
    shade: sunny ? uniform(rng, 0.5, 0.75) : 1,
    reach: uniform(rng, 2, 12),
    visibility: uniform(rng, 60, 250),
    horizon: sunny ? [205, 215, 228] : [cloud * 1.05, cloud * 1.05, cloud * 1.07],
    zenith: sunny
      ? [uniform(rng, 80, 140), uniform(rng, 135, 175), 225]
      : [cloud * 0.9, cloud * 0.91, cloud * 0.93],
    clouds: uniform(rng, 0, 0.5),
    exposure: [exposure * (1 + warmth), exposure, exposure * (1 - warmth)],
    noise: uniform(rng, 1.5, 6),
  }
}
