import { IMAGENET } from '../../image-statistics.ts'

/** A colour c in 0..255 becomes (c - mean) · gain. */
export const CHANNELS = IMAGENET.mean.map((mean, channel) => ({
  mean: mean * 255,
  gain: 1 / (IMAGENET.deviation[channel]! * 255),
}))
