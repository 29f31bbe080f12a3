import { countTopformer } from '../../nets/topformer/count.ts'
import { TOPFORMERS } from '../../nets/topformer/known.ts'
import type { TopformerNetwork } from '../../nets/topformer/network.ts'
import type { TopformerCost, TopformerTask } from './cost.ts'

/** Channels are multiples of it, as those of MobileNets. */
const DIVISOR = 8

const scaled = (number: number, width: number, divisor: number): number =>
  Math.max(divisor, divisor * Math.round((number * width) / divisor))

/** TopFormer-B with all widths and heads multiplied by a number, and the rest as it is. */
export function scaledTopformer(width: number, attentionScale: boolean): TopformerNetwork {
  const { stem, stages, transformers, injection, ...rest } = TOPFORMERS['topformer-b']
  const channels = (number: number) => scaled(number, width, DIVISOR)
  return {
    ...rest,
    attentionScale,
    stem: channels(stem),
    stages: stages.map((blocks) => blocks.map((block) => ({ ...block, channels: channels(block.channels) }))),
    transformers: transformers.map((stage) => ({ ...stage, heads: scaled(stage.heads, width, 1) })),
    injection: channels(injection),
  }
}

/** Widths are multiples of 1/64, up to 4: at 1/16, networks of 80 M multiply-adds and 94 M are neighbours. */
const STEPS = 64
const MOST = 4 * STEPS

/** What can be told of it without running it. */
export type Counted = Exclude<keyof TopformerCost, 'latency'>

/** Of the network of a width. */
export function scaledCost(width: number, { size, classes }: TopformerTask): Pick<TopformerCost, Counted> {
  const { mmcvFlops: flops, ...counts } = countTopformer(scaledTopformer(width, false), [3, ...size], classes)
  return { parameters: counts.parameters, multiplyAdds: counts.multiplyAdds, flops }
}

/** The width whose network costs nearest to what is wanted, on a scale of ratios; more width never costs less. */
export function widthOf(wanted: number, of: Counted, task: TopformerTask): number {
  const distance = (step: number) => Math.log(scaledCost(step / STEPS, task)[of] / wanted)
  let [below, above] = [1, MOST]
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    if (distance(middle) < 0) below = middle
    else above = middle
  }
  return (Math.abs(distance(below)) < Math.abs(distance(above)) ? below : above) / STEPS
}
