import { drawing } from '../../../../functions/auto-fpn/drawing.ts'
import { modulesOf } from '../../../../nas/pipelines/auto-fpn/config.ts'
import type { autoFpn as contract } from '../../../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import { budgetViolations } from '../../baselines-budget.ts'
import type { SimulatedPipeline } from '../pipeline.ts'
import { autoFpnRunOf, candidatesOf, trials } from './artifacts.ts'
import { comparisonViolations } from './comparison-promises.ts'
import { searchViolations } from './search-promises.ts'
import { settings } from './settings.ts'
import { work } from './work.ts'

// Virtual time does not wait for a module to be read.
await drawing()

export const autoFpn: SimulatedPipeline<(typeof contract.jobs)[number]> = {
  work,
  difficulty: { seconds: [100, 400], failing: { diverges: 0.04, memory: 0.02, raises: 0.02, unknown: 0.02 } },
  settings,
  trials,
  isResult(key, run) {
    const { derived, candidates, comparison } = autoFpnKeys(run)
    const results: readonly string[] = [derived('neck'), derived('head'), candidates, comparison]
    return results.includes(key) || key.startsWith(runKeys(run).decoded(''))
  },
  // What other runs have trained costs this one nothing, so its budget may last longer: compared is what it came to.
  withoutFaults(run) {
    const { budget, ...config } = autoFpnRunOf(run).config
    return budget !== undefined && candidatesOf(run)?.limited !== undefined ? { ...config, budget } : config
  },
  isOutOfBudget: (run) => candidatesOf(run)?.limited !== undefined,
  violations(artifacts) {
    const chosen = candidatesOf(artifacts)
    if (chosen === undefined) return searchViolations(artifacts)
    const { run, config } = autoFpnRunOf(artifacts)
    const keys = autoFpnKeys(run)
    const derived = keys.derived(modulesOf(config).at(-1)!)
    return [
      ...searchViolations(artifacts),
      ...budgetViolations(artifacts, chosen, { derived, candidates: keys.candidates }),
      ...comparisonViolations(artifacts, chosen),
    ]
  },
  revisions: null,
}
