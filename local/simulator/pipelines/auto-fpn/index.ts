import { drawing } from '../../../../functions/auto-fpn/drawing.ts'
import { modulesOf } from '../../../../nas/pipelines/auto-fpn/config.ts'
import type { autoFpn as contract } from '../../../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import { budgetViolations } from '../../baselines-budget.ts'
import type { SimulatedPipeline } from '../pipeline.ts'
import { autoFpnRunOf, candidatesOf, evaluatedIn, limitedOf, trials } from './artifacts.ts'
import { comparisonViolations } from './comparison-promises.ts'
import { evolutionViolations, hasStoppedEarly } from './evolution-promises.ts'
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
    const { derived, evolution, candidates, comparison } = autoFpnKeys(run)
    // Why it stopped may be the budget.
    const isOfRound = key.startsWith(evolution.rounds) && /\/\d+(\.results)?\.json$/.test(key)
    const results: readonly string[] = [derived('neck'), derived('head'), candidates, comparison]
    return isOfRound || results.includes(key) || key.startsWith(runKeys(run).decoded(''))
  },
  // What other runs have trained costs this one nothing, so its budget may last longer: compared is what it came to.
  withoutFaults(run) {
    const { budget, ...config } = autoFpnRunOf(run).config
    if (budget !== undefined && limitedOf(run) !== undefined) return { ...config, budget }
    const { evolution } = config.baselines
    if (evolution === undefined || !hasStoppedEarly(run)) return config
    const evaluations = evaluatedIn(run).flat().length
    return { ...config, baselines: { ...config.baselines, evolution: { ...evolution, evaluations } } }
  },
  isOutOfBudget: (run) => limitedOf(run) !== undefined || hasStoppedEarly(run),
  violations(artifacts) {
    const chosen = candidatesOf(artifacts)
    const ofSearches = [...searchViolations(artifacts), ...evolutionViolations(artifacts)]
    if (chosen === undefined) return ofSearches
    const { run, config } = autoFpnRunOf(artifacts)
    const keys = autoFpnKeys(run)
    // Evolution decides it before it begins.
    const decided = config.baselines.evolution
      ? { derived: null, candidates: keys.evolution.round(0) }
      : { derived: keys.derived(modulesOf(config).at(-1)!), candidates: keys.candidates }
    return [
      ...ofSearches,
      ...budgetViolations(artifacts, chosen, decided),
      ...comparisonViolations(artifacts, chosen),
    ]
  },
  revisions: null,
}
