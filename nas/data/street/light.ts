import type { Random } from '../../random.ts'
import type { Colour } from '../palette.ts'
import { between, chance } from './chance.ts'

export interface Light {
  /** The side the sun is on; walls of that side lie in shade and throw their shadow on the road. */
  readonly sun: 'left' | 'right'
  /** Brightness of what lies in shade, as a part of the full one; 1 under clouds. */
  readonly shade: number
  /** How far a building's shadow reaches from its wall, metres. */
  readonly reach: number
  /** Distance at which 1/e of a colour is left, metres. */
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
  const sunny = chance(rng, 0.6)
  const exposure = between(rng, 0.75, 1.15)
  const warmth = between(rng, -0.08, 0.08)
  // An overcast sky is as grey as walls and road are.
  const cloud = between(rng, 150, 215)
  return {
    sun: rng.pick(['left', 'right']),
    shade: sunny ? between(rng, 0.5, 0.75) : 1,
    reach: between(rng, 2, 12),
    visibility: between(rng, 60, 250),
    horizon: sunny ? [205, 215, 228] : [cloud * 1.05, cloud * 1.05, cloud * 1.07],
    zenith: sunny
      ? [between(rng, 80, 140), between(rng, 135, 175), 225]
      : [cloud * 0.9, cloud * 0.91, cloud * 0.93],
    clouds: between(rng, 0, 0.5),
    exposure: [exposure * (1 + warmth), exposure, exposure * (1 - warmth)],
    noise: between(rng, 1.5, 6),
  }
}
