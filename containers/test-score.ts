import type { Engine } from '../nas/engines/engine.ts'
import type { Succeeded } from '../nas/tasks/result.ts'
import type { Dataset } from '../nas/tasks/task.ts'
import { testScoreOf } from '../nas/tasks/test-score.ts'
import { notFiniteError } from '../nas/training/finite.ts'
import type { Predictor } from '../nas/training/predictor.ts'

/**
 * The part of a result that the test images give, where some were kept aside: nothing is chosen by it.
 * @throws TrellisError `trial-failed` where the network's outputs are not finite
 */
export async function scoreOnTest(
  engine: Engine,
  predictor: Predictor,
  dataset: Dataset,
): Promise<Pick<Succeeded, 'test'>> {
  if (dataset.test.length === 0) return {}
  const scores = await predictor.score(engine, dataset, dataset.test)
  if (scores === undefined) throw notFiniteError()
  return { test: testScoreOf(scores) }
}
