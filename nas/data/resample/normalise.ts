/** Mean and standard deviation of ImageNet, in 0..255 RGB: pretrained backbones were trained with these. */
const MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255] as const
const DEVIATION = [0.229 * 255, 0.224 * 255, 0.225 * 255] as const

/** A colour c becomes (c - mean) · gain. */
export const CHANNELS = MEAN.map((mean, channel) => ({ mean, gain: 1 / DEVIATION[channel]! }))
