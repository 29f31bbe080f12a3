import { LARGEST_NUMBER } from '../../runs/keys.ts'
import type { RunProgress } from '../../runs/progress.ts'
import { tallyOf } from '../../runs/rounds.ts'
import { getJson, RESUME } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { comparisonSchema } from './comparison.ts'
import { topformerKeys } from './keys.ts'
import { type RoundResults, roundResultsSchema } from './round.ts'

/** Evaluations of half-steps, and the best of their scores. */
export const tally = (results: readonly RoundResults[]): RunProgress =>
  tallyOf(results.flatMap(({ searches }) => searches.flat()))

/** Counts evaluations; the best is one of those until a network has been trained in full. */
export async function topformerProgress(store: ObjectStore, run: string): Promise<RunProgress> {
  const keys = topformerKeys(run)
  const results = []
  for (let round = 0; round <= LARGEST_NUMBER; round++) {
    const ofRound = await getJson(store, keys.results(round), roundResultsSchema)
    if (ofRound === undefined) break
    results.push(ofRound)
  }
  const comparison = await getJson(store, keys.comparison, comparisonSchema, RESUME)
  const counted = tally(results)
  return { ...counted, best: comparison?.winner.score ?? counted.best }
}
