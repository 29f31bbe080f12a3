import { availableParallelism } from 'node:os'
import type { Extent } from '../nas/data/dataset.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { type Card, offerOf } from '../nas/runs/prices.ts'
import type { Place } from './place.ts'

/**
 * Multiply-adds a second in training, of a card or of one core. The proxy task of arXiv 1809.04184 (section 3.3: 30K steps in
 * 90 minutes on a P100, crops of 769x769) comes to 220e9; separable convolutions wait for memory, so the other cards go by their
 * memory bandwidth. The core was measured on a 3 GHz server.
 */
const MULTIPLY_ADDS_PER_SECOND: Readonly<Record<Card, number>> = {
  cpu: 6e9,
  t4: 96e9,
  l4: 90e9,
  a10g: 180e9,
  p100: 220e9,
  v100: 270e9,
  a100: 467e9,
  h100: 1007e9,
}

/** Cards whose own speed is known: of the core by measurement, of a P100 by the paper. */
const KNOWN: readonly Card[] = ['cpu', 'p100']

/** What an estimate for a card rests on where that is no figure of its own. */
export const basisOf = (card: Card): string | undefined =>
  KNOWN.includes(card)
    ? undefined
    : `The speed of ${card} is scaled, by memory bandwidth, from a P100's in arXiv 1809.04184: it has not been measured.`

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

/** Multiply-adds a second in training: of one of many jobs, and of one that runs alone and has all cores. */
export interface Throughput {
  readonly job: number
  readonly alone: number
}

export function throughputOf({ card }: RunConfig['compute'], place: Place): Throughput {
  const job = MULTIPLY_ADDS_PER_SECOND[card]
  const cores = place === 'here' ? availableParallelism() : offerOf('cpu').vcpus
  return { job, alone: card === 'cpu' ? job * cores : job }
}
