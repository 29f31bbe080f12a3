import { candidatesSchema, rerankSchema } from '../../../../nas/pipelines/dpc/comparison.ts'
import { dpc as contract } from '../../../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import { leaderboardSchema } from '../../../../nas/pipelines/dpc/leaderboard.ts'
import { trainSpecSchema } from '../../../../nas/pipelines/dpc/specs.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'
import { decisionOf, ofEachRevision, roundsOf } from './artifacts.ts'

/** All that was tried is ranked, by the scores that it has; the best of it and the baselines are trained alike, and the best wins. */
export const searchViolations = (artifacts: RunArtifacts): readonly string[] => [
  ...leaderboardViolations(artifacts),
  ...ofEachRevision(artifacts.objects, artifacts.record.run, 'candidates').flatMap((key) =>
    candidateViolations(artifacts, key),
  ),
  ...winnerViolations(artifacts),
]

function leaderboardViolations({ objects, record: { run }, scenario }: RunArtifacts): readonly string[] {
  const leaderboard = readObject(objects, dpcKeys(run).leaderboard, leaderboardSchema)
  if (leaderboard === undefined) return []
  const { ranked, failed, rounds } = leaderboard
  const concluded = roundsOf(objects, run).slice(0, rounds)
  const tried = new Set(concluded.flatMap(({ candidates }) => candidates.map(({ trial }) => trial)))
  for (const { trial } of [...ranked, ...failed]) tried.delete(trial)
  return [
    ...[...tried].map((trial) => `trial ${trial} was tried, and is not on the leaderboard`),
    ...ranked.flatMap(({ score }, i) =>
      i > 0 && score > ranked[i - 1]!.score ? [`place ${i + 1} of the leaderboard has the better score`] : [],
    ),
    ...ranked
      .filter(({ trial, score }) => score !== scenario.outcomeOf(trial).score)
      .map(({ trial }) => `trial ${trial} is ranked by another score than its own`),
    ...concluded.flatMap((_, n) =>
      n < rounds - 1 && decisionOf(objects, run, n)?.enough
        ? [`round ${n + 1} came after the search was over`]
        : [],
    ),
  ]
}

function candidateViolations({ objects, record, scenario }: RunArtifacts, key: string): readonly string[] {
  const { config } = runOf(record, contract)
  const { contenders } = readObject(objects, key, candidatesSchema)!
  const seeds = config.rerank.seeds.join()
  const places = contenders.flatMap(({ role, proxy }) => (role === 'searched' ? [proxy?.rank] : []))
  const roles = contenders.map(({ role }) => role)
  const trainings = new Set<string>()
  const broken = contenders.flatMap(({ role, genotype, trials }) => {
    const wrong = trials.filter(({ seed, trial }) => {
      const spec = readObject(objects, trialKeys(trial).spec, trainSpecSchema)
      trainings.add(JSON.stringify({ ...spec, genotype: null, seed: null }))
      return spec?.seed !== seed || JSON.stringify(spec.genotype) !== JSON.stringify(genotype)
    })
    const used = trials.map(({ seed }) => seed).join()
    return [
      ...(used === seeds ? [] : [`${role} is trained with seeds ${used}, not with ${seeds}`]),
      ...wrong.map(({ trial }) => `trial ${trial} of ${role} trains another cell or with another seed`),
    ]
  })
  const { aspp, random } = config.rerank.baselines
  return [
    ...broken,
    ...(trainings.size > 1 ? ['candidates are not trained alike'] : []),
    ...(places.every((place, i) => place === i + 1) ? [] : [`places ${places} are trained in full`]),
    ...contenders
      .filter(({ proxy }) => proxy !== null && proxy.score !== scenario.outcomeOf(proxy.trial).score)
      .map(({ role }) => `${role} is compared with another proxy score than its own`),
    ...(roles.filter((role) => role === 'aspp').length === Number(aspp) &&
    roles.filter((role) => role === 'random').length === random
      ? []
      : [`baselines are ${roles.filter((role) => role !== 'searched')}`]),
  ]
}

function winnerViolations({ objects, record: { run } }: RunArtifacts): readonly string[] {
  const rerank = readObject(objects, dpcKeys(run).rerank, rerankSchema)
  if (rerank === undefined) return []
  const { winner, contenders } = rerank
  const found = contenders.filter(({ role }) => role === 'searched')
  return [
    ...(found.some(({ trials }) => trials.some(({ trial }) => trial === winner.trial))
      ? []
      : ['the winner is none of the cells that the search has found']),
    ...(found.some(({ score }) => score !== null && score > winner.score)
      ? ['a cell that the search has found is better than the winner']
      : []),
  ]
}
