import { availableParallelism } from 'node:os'
import type { RunConfig } from '../nas/runs/config.ts'

/** What a search runs on: this computer, or machines of AWS. */
export type Place = 'here' | 'aws'

/** Cards are AWS's; where there is none, a search is here unless it is started on AWS. */
export const placeOf = ({ card }: RunConfig['compute'], onAws = false): Place =>
  onAws || card !== 'cpu' ? 'aws' : 'here'

/** Where the configuration does not say: as many as there are cores, or what a new account may rent of the smaller cards. */
export const jobsAtOnce = ({ concurrency }: RunConfig['compute'], place: Place): number =>
  concurrency ?? (place === 'here' ? availableParallelism() : 8)
