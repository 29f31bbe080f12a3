import { mean } from 'simple-statistics'
import {
  type Candidates,
  type Comparison,
  comparisonSchema,
  type NetworkCandidate,
} from '../../../../nas/pipelines/densenas/comparison.ts'
import { derivedSchema } from '../../../../nas/pipelines/densenas/derived.ts'
import { denseNas as contract } from '../../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import { classifierSpecSchema } from '../../../../nas/pipelines/densenas/specs.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'
import { supernetOf } from './artifacts.ts'

/** All candidates are trained with every seed and alike, and the winner is the network that the search has found. */
export function comparisonViolations(artifacts: RunArtifacts, { contenders }: Candidates): readonly string[] {
  const { objects, record } = artifacts
  const comparison = readObject(objects, denseNasKeys(record.run).comparison, comparisonSchema)
  return [
    ...contenders.flatMap((candidate) => seedViolations(artifacts, candidate)),
    ...unlikeViolations(artifacts, contenders),
    ...(comparison === undefined ? [] : winnerViolations(artifacts, comparison)),
  ]
}

function seedViolations({ record }: RunArtifacts, { role, trials }: NetworkCandidate): readonly string[] {
  const { seeds } = runOf(record, contract).config.retrain
  const used = trials.map(({ seed }) => seed)
  return used.join() === seeds.join() ? [] : [`${role} is trained with seeds ${used}, not with ${seeds}`]
}

/** Specifications that differ in more than network and seed. */
function unlikeViolations(
  { objects }: RunArtifacts,
  candidates: Candidates['contenders'],
): readonly string[] {
  const trainings = new Set<string>()
  const broken: string[] = []
  for (const { role, network, trials } of candidates)
    for (const { seed, trial } of trials) {
      const spec = readObject(objects, trialKeys(trial).spec, classifierSpecSchema)
      if (spec === undefined) return [`trial ${trial} of ${role} has no specification`]
      if (spec.seed !== seed || JSON.stringify(spec.network) !== JSON.stringify(network))
        broken.push(`trial ${trial} of ${role} trains another network or with another seed`)
      trainings.add(JSON.stringify({ ...spec, network: null, seed: null }))
    }
  return trainings.size > 1 ? [...broken, 'candidates are not trained alike'] : broken
}

function winnerViolations(artifacts: RunArtifacts, { contenders, winner }: Comparison): readonly string[] {
  const { objects, record, scenario } = artifacts
  const derived = readObject(objects, denseNasKeys(record.run).derived, derivedSchema)
  const found = contenders.find(({ role }) => role === 'derived')
  const scores = found?.trials.map(({ trial }) => scenario.outcomeOf(trial).score) ?? []
  return [
    ...(derived?.trial === supernetOf(artifacts) ? [] : ['the network is derived from another supernet']),
    ...(JSON.stringify(winner.genotype) === JSON.stringify(derived?.genotype)
      ? []
      : ['the winner is not the network that was derived']),
    ...(found?.trials.some(({ trial }) => trial === winner.trial)
      ? []
      : [`the winner has trial ${winner.trial}, which is not of the network that was derived`]),
    ...(scores.length > 0 && Math.abs(winner.score - mean(scores)) < 1e-9
      ? []
      : [`the winner has score ${winner.score}, its trials ${scores.join(' and ')}`]),
  ]
}
