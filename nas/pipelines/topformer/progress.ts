import { LARGEST_NUMBER } from '../../runs/keys.ts'
import type { RunProgress } from '../../runs/progress.ts'
import { getJson, RESUME } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { comparisonSchema } from './comparison.ts'
import { topformerKeys } from './keys.ts'
import { isScored, type RoundResults, roundResultsSchema } from './round.ts'

/** Evaluations of half-steps, and the best of their scores. */
export function tally(results: readonly RoundResults[]): RunProgress {
  const evaluated = results.flatMap(({ searches }) => searches.flat())
  const scores = evaluated.filter(isScored).map(({ score }) => score)
  return {
    completed: evaluated.length,
    failed: evaluated.length - scores.length,
    best: scores.length > 0 ? scores.reduce((a, b) => Math.max(a, b)) : null,
  }
}

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
