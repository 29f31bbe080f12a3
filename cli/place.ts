import { availableParallelism } from 'node:os'
import { checkInstalled } from '../nas/engines/open.ts'
import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import type { RunRecord } from '../nas/runs/record.ts'

/** What a search runs on: this computer, or machines of AWS. */
export type Place = 'here' | 'aws'

/** Cards are AWS's; where there is none, a search is here unless it is started on AWS. */
export const placeOf = ({ card }: RunConfig['compute'], onAws = false): Place =>
  onAws || card !== 'cpu' ? 'aws' : 'here'

/** Where a run is that has been started: only on AWS it was told what machines cost. */
export const placeOfRun = ({ prices }: RunRecord): Place => (prices === undefined ? 'here' : 'aws')

/** @throws TrellisError for a card, which no job of a search on this computer would have, and an engine that is not installed */
export function checkIsHere({ card, engine }: RunConfig['compute']): void {
  if (card !== 'cpu')
    throw new TrellisError(
      'invalid-config',
      `compute.card is ${card}, a card of AWS, and a search without --aws runs on the processor of this computer`,
      { fix: 'add --aws to have the card, or --set compute.card=cpu to search here, which costs nothing' },
    )
  checkInstalled(engine)
}

/** Where the configuration does not say: as many as there are cores, or what a new account may rent of the smaller cards. */
export const jobsAtOnce = ({ concurrency }: RunConfig['compute'], place: Place): number =>
  concurrency ?? (place === 'here' ? availableParallelism() : 8)
