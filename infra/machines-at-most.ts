import type { Offer } from '../nas/runs/prices.ts'

/** How many cards of a kind are rented at once, by `infra/config.ts`. */
export interface Limits {
  readonly spot: boolean
  readonly maxCards: number
  readonly maxOnDemand?: number | undefined
}

/** Where nothing is said, this part of all cards may be on demand beside spot ones. */
const ON_DEMAND = 1 / 4

/** Machines of each way to rent, which together never hold more than `maxCards`. */
export function machinesAtMost(
  { spot, maxCards, maxOnDemand }: Limits,
  { cards }: Pick<Offer, 'cards'>,
): { readonly spot: number; readonly onDemand: number } {
  const all = Math.floor(maxCards / cards)
  if (!spot) return { spot: 0, onDemand: all }
  const onDemand = Math.min(all, Math.floor((maxOnDemand ?? maxCards * ON_DEMAND) / cards))
  return { spot: all - onDemand, onDemand }
}
