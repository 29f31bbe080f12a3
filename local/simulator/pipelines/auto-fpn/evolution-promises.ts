import type { EvaluatedDetector } from '../../../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpnKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import { spaceOf } from '../../../../nas/pipelines/auto-fpn/run.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { stopDecisionSchema } from '../../../../nas/runs/stop-decision.ts'
import type { AutoFpnGenotype } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import type { FinishedRun, RunArtifacts } from '../../run-artifacts.ts'
import { spentBefore } from '../../spent-before.ts'
import { readObject } from '../pipeline.ts'
import { autoFpnRunOf, evaluatedIn, roundsIn, searchesOf } from './artifacts.ts'

/**
 * Detectors evolve when the searches have succeeded; no round is proposed once the budget is spent; from when a population is alive, every
 * detector differs in one operator from one of the youngest; results are those of the trials.
 */
export function evolutionViolations(artifacts: RunArtifacts): readonly string[] {
  const rounds = roundsIn(artifacts)
  if (autoFpnRunOf(artifacts).config.baselines.evolution === undefined)
    return rounds.length === 0 ? [] : ['detectors evolved that nobody asked for']
  return [
    ...orderViolations(artifacts),
    ...rounds.flatMap(({ round }) => [
      ...sizeViolations(artifacts, round),
      ...parentViolations(artifacts, round),
      ...resultViolations(artifacts, round),
      ...stopViolations(artifacts, round),
    ]),
  ]
}

/** The genotype of the best by the outcomes of all trials, of equals the oldest. */
export function fittestOf(artifacts: RunArtifacts): AutoFpnGenotype | undefined {
  const trained = roundsIn(artifacts)
    .flatMap(({ candidates }) => candidates)
    .map((each) => ({ ...each, ...artifacts.scenario.outcomeOf(each.trial) }))
    .filter(({ failure }) => failure === undefined)
  const most = Math.max(...trained.map(({ score }) => score))
  return trained.find(({ score }) => score === most)?.genotype
}

const decisionOf = ({ objects, record: { run } }: FinishedRun, round: number) =>
  readObject(objects, autoFpnKeys(run).evolution.stopDecision(round), stopDecisionSchema)

/** Whether the budget has ended evolution after it had begun. */
export const hasStoppedEarly = (run: FinishedRun): boolean =>
  evaluatedIn(run).some(
    (evaluated, n) => evaluated.length > 0 && /is used up/.test(decisionOf(run, n)?.reason ?? ''),
  )

function orderViolations(artifacts: RunArtifacts): readonly string[] {
  const { seen, record, scenario } = artifacts
  const began = seen.written.get(autoFpnKeys(record.run).evolution.round(0))
  if (began === undefined) return []
  return (['neck', 'head'] as const)
    .flatMap((module) => searchesOf(artifacts, module))
    .flatMap(({ trial, spec }) => {
      const isInVain = spec.method === 'softmax' && scenario.outcomeOf(trial).failure !== undefined
      return [
        ...((seen.written.get(trialKeys(trial).result) ?? 0) > began
          ? [`detectors evolved before search ${trial} was over`]
          : []),
        ...(isInVain ? [`detectors evolved though search ${trial} had failed`] : []),
      ]
    })
}

/** How many were proposed before a round. */
const proposedBefore = (artifacts: RunArtifacts, round: number): number =>
  roundsIn(artifacts)
    .slice(0, round)
    .reduce((sum, { candidates }) => sum + candidates.length, 0)

function sizeViolations(artifacts: RunArtifacts, round: number): readonly string[] {
  const { perRound, evaluations } = autoFpnRunOf(artifacts).config.baselines.evolution!
  const { candidates, limited } = roundsIn(artifacts)[round]!
  const expected = limited
    ? 0
    : Math.min(perRound, Math.max(0, evaluations - proposedBefore(artifacts, round)))
  return candidates.length === expected
    ? []
    : [`round ${round} of evolution has ${candidates.length} detectors, not ${expected}`]
}

const operatorsOf = ({ neck, head }: AutoFpnGenotype): readonly string[] => [
  ...(neck?.layers.flat() ?? []),
  ...(head?.cells.flat() ?? []),
]

function parentViolations(artifacts: RunArtifacts, round: number): readonly string[] {
  const run = autoFpnRunOf(artifacts)
  const { population } = run.config.baselines.evolution!
  const before = evaluatedIn(artifacts).slice(0, round).flat()
  const alive = before.filter((each) => 'score' in each).slice(-population)
  const space = spaceOf(run)
  const known = new Set(before.map(({ genotype }) => space.key(genotype)))
  const isChildOf = (child: AutoFpnGenotype, parent: EvaluatedDetector): boolean => {
    const others = operatorsOf(parent.genotype)
    return operatorsOf(child).filter((operator, i) => operator !== others[i]).length === 1
  }
  return roundsIn(artifacts)[round]!.candidates.flatMap(({ trial, genotype }) => {
    const isKnown = known.has(space.key(genotype))
    known.add(space.key(genotype))
    const isOrphan = alive.length === population && !alive.some((parent) => isChildOf(genotype, parent))
    return [
      ...(isKnown ? [`trial ${trial} of evolution trains what was trained before`] : []),
      ...(isOrphan ? [`trial ${trial} of evolution is no child of the youngest`] : []),
    ]
  })
}

function resultViolations(artifacts: RunArtifacts, round: number): readonly string[] {
  const evaluated = evaluatedIn(artifacts)[round]
  if (evaluated === undefined) return []
  const trialsOf = (of: readonly { readonly trial: string }[]) => of.map(({ trial }) => trial).join()
  return [
    ...(trialsOf(evaluated) === trialsOf(roundsIn(artifacts)[round]!.candidates)
      ? []
      : [`round ${round} of evolution has results of other detectors`]),
    ...evaluated
      .filter((each) => {
        const { score, failure } = artifacts.scenario.outcomeOf(each.trial)
        return 'score' in each ? failure !== undefined || each.score !== score : failure === undefined
      })
      .map(({ trial }) => `evolution has another result of ${trial} than the trial`),
  ]
}

function stopViolations(artifacts: RunArtifacts, round: number): readonly string[] {
  const { run, config } = autoFpnRunOf(artifacts)
  const decision = decisionOf(artifacts, round)
  if (decision === undefined) return []
  const { budget, baselines } = config
  const keys = autoFpnKeys(run).evolution
  const tried = proposedBefore(artifacts, round + 1)
  if (decision.enough)
    return tried < baselines.evolution!.evaluations && budget === undefined
      ? [`evolution ended after ${tried} of ${baselines.evolution!.evaluations} detectors`]
      : []
  const { gpuHours } = spentBefore(artifacts.attempts, artifacts.seen.written.get(keys.stopDecision(round))!)
  return gpuHours > (budget?.gpuHours ?? Number.POSITIVE_INFINITY)
    ? [`evolution went on after ${gpuHours} of ${budget!.gpuHours} GPU hours`]
    : []
}
