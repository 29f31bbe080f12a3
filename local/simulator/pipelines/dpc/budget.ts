import { dpc as contract } from '../../../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import type { FinishedRun, RunArtifacts } from '../../run-artifacts.ts'
import { spentBefore } from '../../spent-before.ts'
import { decisionOf, roundsOf } from './artifacts.ts'

export const isOutOfBudget = ({ objects, record: { run } }: FinishedRun): boolean =>
  roundsOf(objects, run).some((_, n) =>
    /(dollars|GPU hours) is used up/.test(decisionOf(objects, run, n)?.reason ?? ''),
  )

/** No round is proposed once the budget is spent. */
export function overBudget({ objects, attempts, seen, record }: RunArtifacts): readonly string[] {
  const { run, config } = runOf(record, contract)
  const { usd, gpuHours, trials } = config.budget
  const keys = dpcKeys(run)
  const broken: string[] = []
  let tried = 0
  for (const [n, round] of roundsOf(objects, run).entries()) {
    if (decisionOf(objects, run, n) === undefined) return broken
    tried += round.candidates.length
    if (trials !== undefined && tried > trials) broken.push(`${tried} trials of ${trials} after round ${n}`)
    if (!objects.has(keys.round(n + 1))) return broken
    const spent = spentBefore(attempts, seen.written.get(keys.stopDecision(n))!)
    if (gpuHours !== undefined && spent.gpuHours > gpuHours)
      broken.push(`round ${n + 1} was proposed after ${spent.gpuHours} of ${gpuHours} GPU hours`)
    if (usd !== undefined && spent.usd > usd)
      broken.push(`round ${n + 1} was proposed after ${spent.usd} of ${usd} dollars`)
  }
  return broken
}
