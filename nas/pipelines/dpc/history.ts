import { z } from 'zod'
import { mapObjects } from '../../runs/map-objects.ts'
import { getSound, RESUME, requireJson } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { dpcKeys } from './keys.ts'
import { inOrderOfProposal, leaderboardSchema, type Tried, triedSchema } from './leaderboard.ts'

const tried = z.array(triedSchema).readonly()

/** Older versions wrote the list alone. */
export const roundResultsSchema = z.preprocess(
  (raw) => (Array.isArray(raw) ? { tried: raw } : raw),
  z.strictObject({ tried }).readonly(),
)

/**
 * All candidates of the rounds before `round`, in the order of proposals.
 *
 * The results of rounds are the record. The leaderboard holds the same in one object, so that a search of thousands of
 * rounds does not read them all in each; it is used where it ends with the right round, which it does except after a
 * death between two writes.
 */
export async function triedBefore(store: ObjectStore, run: string, round: number): Promise<readonly Tried[]> {
  const keys = dpcKeys(run)
  const leaderboard = await getSound(store, keys.leaderboard, leaderboardSchema)
  if (leaderboard?.rounds === round) return inOrderOfProposal(leaderboard)
  const rounds = await mapObjects(
    Array.from({ length: round }, (_, n) => n),
    (n) => requireJson(store, keys.results(n), roundResultsSchema, RESUME),
  )
  return rounds.flatMap(({ tried }) => tried)
}
