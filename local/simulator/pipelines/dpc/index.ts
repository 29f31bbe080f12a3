import { drawing } from '../../../../functions/dpc/drawing.ts'
import { dpc as contract } from '../../../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import type { SimulatedPipeline } from '../pipeline.ts'
import { roundsOf, trials } from './artifacts.ts'
import { isOutOfBudget, overBudget } from './budget.ts'
import { revisions } from './revisions.ts'
import { searchViolations } from './search-promises.ts'
import { settings } from './settings.ts'
import { work } from './work.ts'

// Virtual time does not wait for a module to be read.
await drawing()

export const dpc: SimulatedPipeline<(typeof contract.jobs)[number]> = {
  work,
  difficulty: { seconds: [40, 120], failing: { diverges: 0.05, memory: 0.06, raises: 0.03, unknown: 0.02 } },
  settings,
  trials,
  isResult(key, run) {
    const { leaderboard, rerank, edition } = dpcKeys(run)
    const hash = /\/rerank\/(\w+)\//.exec(key)?.[1]
    const isOutcome = hash !== undefined && key === edition(hash).outcome
    return key === leaderboard || key === rerank || isOutcome || key.startsWith(runKeys(run).decoded(''))
  },
  // Faults cost time and money, so a budget may end the search earlier: compared is what had been tried by then.
  withoutFaults({ objects, record }) {
    const { run, config } = runOf(record, contract)
    const tried = roundsOf(objects, run).reduce((sum, { candidates }) => sum + candidates.length, 0)
    return { ...config, budget: { trials: Math.max(1, tried) } }
  },
  isOutOfBudget,
  violations: (artifacts) => [...overBudget(artifacts), ...searchViolations(artifacts)],
  revisions,
}
