import { comparisonSchema } from '../../../../nas/pipelines/topformer/comparison.ts'
import { topformerKeys } from '../../../../nas/pipelines/topformer/keys.ts'
import { searchesOf } from '../../../../nas/pipelines/topformer/searches.ts'
import { trainSpecSchema } from '../../../../nas/pipelines/topformer/specs.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { isScored } from '../../../../nas/runs/rounds.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'
import { candidatesOf, resultsIn, roundsIn, topformerRun } from './artifacts.ts'

/** What was found and the baselines are trained with every seed and alike; the best of what was found wins. */
export const comparisonViolations = (artifacts: RunArtifacts): readonly string[] => [
  ...trainingViolations(artifacts),
  ...finalistViolations(artifacts),
  ...winnerViolations(artifacts),
]

function trainingViolations(artifacts: RunArtifacts): readonly string[] {
  const { objects } = artifacts
  const { seeds } = topformerRun(artifacts).config.retrain
  const trainings = new Set<string>()
  const broken: string[] = []
  for (const { role, network, trials } of candidatesOf(artifacts)?.contenders ?? []) {
    const used = trials.map(({ seed }) => seed)
    if (used.join() !== seeds.join()) broken.push(`${role} is trained with seeds ${used}, not with ${seeds}`)
    for (const { seed, trial } of trials) {
      const spec = readObject(objects, trialKeys(trial).spec, trainSpecSchema)
      if (spec === undefined) return [`trial ${trial} of ${role} has no specification`]
      if (spec.seed !== seed || JSON.stringify(spec.network) !== JSON.stringify(network))
        broken.push(`trial ${trial} of ${role} trains another network or with another seed`)
      trainings.add(JSON.stringify({ ...spec, network: null, seed: null }))
    }
  }
  return trainings.size > 1 ? [...broken, 'candidates are not trained alike'] : broken
}

/** Of one supernet, what is trained under each limit are the best that coordinate descent has evaluated there, and none twice. */
function finalistViolations(artifacts: RunArtifacts): readonly string[] {
  const record = topformerRun(artifacts)
  const chosen = candidatesOf(artifacts)
  if (chosen === undefined || record.config.supernet.halves !== 'shared') return []
  const found = chosen.contenders.filter(({ role }) => role === 'searched')
  const trained = found.map(({ network }) => JSON.stringify(network))
  const { most } = record.config.search.limit
  const broken = most.flatMap((limit, place) => {
    const search = searchesOf(record).find(
      ({ strategy, limit: of }) => strategy.kind === 'coordinate-descent' && of.most === limit,
    )!
    const ofLimit = found.filter((each) => each.limit === place)
    const worst = Math.min(...ofLimit.map(({ inherited }) => inherited!))
    const left = roundsIn(artifacts)
      .flatMap(({ round }) => resultsIn(artifacts, round)?.searches[search.index] ?? [])
      .filter(isScored)
      .filter(({ genotype }) => !trained.includes(JSON.stringify({ kind: 'genotype', genotype })))
    const isShort = left.length > 0 && ofLimit.length < record.config.retrain.top
    return isShort || left.some(({ score }) => score > worst)
      ? [`what is trained under limit ${place} is not the best found`]
      : []
  })
  return new Set(trained).size < trained.length
    ? [...broken, 'a network that was found is trained twice']
    : broken
}

function winnerViolations({ objects, record }: RunArtifacts): readonly string[] {
  const comparison = readObject(objects, topformerKeys(record.run).comparison, comparisonSchema)
  if (comparison === undefined) return []
  const { contenders, winner } = comparison
  const found = contenders.filter(({ role }) => role === 'searched')
  const best = Math.max(...found.map(({ score }) => score ?? 0))
  return [
    ...(found.some(({ trials }) => trials.some(({ trial }) => trial === winner.trial))
      ? []
      : [`the winner has trial ${winner.trial}, which is of no network that was found`]),
    ...(winner.score === best ? [] : ['the winner is not the best that was found']),
  ]
}
