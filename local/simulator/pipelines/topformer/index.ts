import type { topformer as contract } from '../../../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../../../nas/pipelines/topformer/keys.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import type { SimulatedPipeline } from '../pipeline.ts'
import { candidatesOf, topformerRun, trials } from './artifacts.ts'
import { comparisonViolations } from './comparison-promises.ts'
import { searchViolations } from './search-promises.ts'
import { facts, settings } from './settings.ts'
import { work } from './work.ts'

export const topformer: SimulatedPipeline<(typeof contract.jobs)[number]> = {
  work,
  difficulty: { seconds: [40, 160], failing: { diverges: 0.03, memory: 0.03, raises: 0.02, unknown: 0.02 } },
  settings,
  facts,
  trials,
  isResult(key, run) {
    const { rounds, front, candidates, comparison } = topformerKeys(run)
    const isOfRound = key.startsWith(rounds) && !key.endsWith('.jsonl')
    const results: readonly string[] = [front, candidates, comparison]
    return isOfRound || results.includes(key) || key.startsWith(runKeys(run).decoded(''))
  },
  withoutFaults: (run) => topformerRun(run).config,
  isOutOfBudget: (run) => candidatesOf(run)?.limited !== undefined,
  violations: (artifacts) => [...searchViolations(artifacts), ...comparisonViolations(artifacts)],
  revisions: null,
}
