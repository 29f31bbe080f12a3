import { LARGEST_NUMBER } from '../../runs/keys.ts'
import type { RunProgress } from '../../runs/progress.ts'
import { getJson, RESUME } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { comparisonSchema } from './comparison.ts'
import { topformerKeys } from './keys.ts'
import { isScored, roundResultsSchema } from './round.ts'

/** Counts evaluations; the best is one of those until a network has been trained in full. */
export async function topformerProgress(store: ObjectStore, run: string): Promise<RunProgress> {
  const keys = topformerKeys(run)
  const evaluated = []
  for (let round = 0; round <= LARGEST_NUMBER; round++) {
    const results = await getJson(store, keys.results(round), roundResultsSchema)
    if (results === undefined) break
    evaluated.push(...results.searches.flat())
  }
  const scores = evaluated.filter(isScored).map(({ score }) => score)
  const comparison = await getJson(store, keys.comparison, comparisonSchema, RESUME)
  return {
    completed: evaluated.length,
    failed: evaluated.length - scores.length,
    best: comparison?.winner.score ?? (scores.length > 0 ? scores.reduce((a, b) => Math.max(a, b)) : null),
  }
}
