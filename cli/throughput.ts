import { availableParallelism } from 'node:os'
import type { Extent } from '../nas/data/dataset.ts'
import type { Cost } from '../nas/graph/cost.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { type Card, offerOf } from '../nas/runs/prices.ts'
import type { Place } from './place.ts'

/** What a network computes in one forward run, and the bytes that it reads and writes for that. */
export type Work = Pick<Cost, 'multiplyAdds' | 'memoryTraffic'>

/** Multiply-adds and bytes a second. What a network takes is the sum of both (a roofline, as if they never overlapped). */
interface Pace {
  readonly multiplyAdds: number
  readonly bytes: number
}

/**
 * One core of a 3 GHz server, measured: training steps of MobileNetV2 (two widths), ResNet-18 and -50, VGG-16 and Xception-65 on images
 * of 128x256 take within 11 % of what this says.
 */
const CORE: Pace = { multiplyAdds: 32e9, bytes: 10e9 }

/** Published peaks: 10^12 multiply-adds a second in float32 (half the FLOPS), and 10^9 bytes a second of memory. */
export const PEAKS: Readonly<Record<Exclude<Card, 'cpu'>, readonly [multiplyAdds: number, bytes: number]>> = {
  p100: [4.65, 732],
  t4: [4.05, 320],
  v100: [7.8, 900],
  a10g: [15.6, 600],
  l4: [15.1, 300],
  a100: [9.75, 1555],
  h100: [33.5, 3350],
}

/**
 * How much of its peaks a card reaches: what the proxy task of arXiv 1809.04184 does on a P100 (section 3.3: 30K steps in 90 minutes,
 * batches of 8 crops of 769x769).
 */
const REACHED = 0.085

/** Cards whose own speed is known: of the core by measurement, of a P100 by the paper. */
const KNOWN: readonly Card[] = ['cpu', 'p100']

/** What an estimate for a card rests on where that is no figure of its own. */
export const basisOf = (card: Card): string | undefined =>
  KNOWN.includes(card)
    ? undefined
    : `The speed of ${card} is scaled, by published peaks, from a P100's in arXiv 1809.04184: it has not been measured.`

/** A backward pass is twice a forward one. */
export const TRAINING = 3

/** Images of a dataset, as far as they are known. */
export interface Images {
  readonly train: number
  readonly validation: number
  /** None where none are kept aside. */
  readonly test?: number | undefined
  /** Undefined where they are cropped wherever they are used, or it is not known. */
  readonly extent?: Extent | undefined
}

/** Images on which a network is judged. */
export const judged = ({ validation, test = 0 }: Images): number => validation + test

/** Seconds of one forward run of a network. */
export type Speed = (work: Work) => number

/** Of one of many jobs, and of one that runs alone and has all cores. */
export interface Throughput {
  readonly job: Speed
  readonly alone: Speed
}

export function throughputOf({ card }: RunConfig['compute'], place: Place): Throughput {
  if (card === 'cpu') {
    const cores = place === 'here' ? availableParallelism() : offerOf('cpu').vcpus
    return { job: speedAt(CORE, 1), alone: speedAt(CORE, cores) }
  }
  const [multiplyAdds, bytes] = PEAKS[card]
  const speed = speedAt({ multiplyAdds: multiplyAdds * 1e12, bytes: bytes * 1e9 }, REACHED)
  return { job: speed, alone: speed }
}

/** @param share of the pace, or how many have it together */
const speedAt =
  (pace: Pace, share: number): Speed =>
  ({ multiplyAdds, memoryTraffic }) =>
    (multiplyAdds / pace.multiplyAdds + memoryTraffic / pace.bytes) / share

/** All together. */
export const together = (...works: readonly Work[]): Work => ({
  multiplyAdds: works.reduce((sum, each) => sum + each.multiplyAdds, 0),
  memoryTraffic: works.reduce((sum, each) => sum + each.memoryTraffic, 0),
})

export const timesWork = (times: number, { multiplyAdds, memoryTraffic }: Work): Work => ({
  multiplyAdds: times * multiplyAdds,
  memoryTraffic: times * memoryTraffic,
})
