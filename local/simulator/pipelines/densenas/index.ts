import { denseNas as contract } from '../../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import type { SimulatedPipeline } from '../pipeline.ts'
import { candidatesOf, trials } from './artifacts.ts'
import { budgetViolations } from './budget.ts'
import { comparisonViolations } from './comparison-promises.ts'
import { searchViolations } from './search-promises.ts'
import { settings } from './settings.ts'
import { work } from './work.ts'

export const densenas: SimulatedPipeline<(typeof contract.jobs)[number]> = {
  work,
  difficulty: { seconds: [100, 400], failing: { diverges: 0.04, memory: 0.02, raises: 0.02, unknown: 0.02 } },
  settings,
  trials,
  isResult(key, run) {
    const { derived, candidates, comparison } = denseNasKeys(run)
    const results: readonly string[] = [derived, candidates, comparison]
    return results.includes(key) || key.startsWith(runKeys(run).decoded(''))
  },
  // What other runs have trained costs this one nothing, so its budget may last longer: compared is what it came to.
  withoutFaults(run) {
    const { budget, ...config } = runOf(run.record, contract).config
    return budget !== undefined && candidatesOf(run)?.limited !== undefined ? { ...config, budget } : config
  },
  isOutOfBudget: (run) => candidatesOf(run)?.limited !== undefined,
  violations(artifacts) {
    const chosen = candidatesOf(artifacts)
    return [
      ...searchViolations(artifacts),
      ...(chosen === undefined
        ? []
        : [...budgetViolations(artifacts, chosen), ...comparisonViolations(artifacts, chosen)]),
    ]
  },
  revisions: null,
}
