import { isDeepStrictEqual } from 'node:util'
import { mean } from 'simple-statistics'
import {
  type Candidates,
  type Comparison,
  comparisonSchema,
  type DetectorCandidate,
} from '../../../../nas/pipelines/auto-fpn/comparison.ts'
import { modulesOf } from '../../../../nas/pipelines/auto-fpn/config.ts'
import type { Found } from '../../../../nas/pipelines/auto-fpn/derived.ts'
import { autoFpnKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import { spaceOf } from '../../../../nas/pipelines/auto-fpn/run.ts'
import { detectorSpecSchema } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'
import { autoFpnRunOf, derivedOf } from './artifacts.ts'
import { fittestOf } from './evolution-promises.ts'

/** What was found and its baselines are trained with every seed and alike, and the winner is what the paper's method has found. */
export function comparisonViolations(artifacts: RunArtifacts, candidates: Candidates): readonly string[] {
  const { objects, record } = artifacts
  const { contenders } = candidates
  const comparison = readObject(objects, autoFpnKeys(record.run).comparison, comparisonSchema)
  const derived = derivedOf(artifacts, modulesOf(autoFpnRunOf(artifacts).config).at(-1)!)?.found ?? []
  return [
    ...roleViolations(artifacts, candidates, derived),
    ...contenders.flatMap((candidate) => seedViolations(artifacts, candidate)),
    ...unlikeViolations(artifacts, contenders),
    ...(comparison === undefined ? [] : winnerViolations(artifacts, comparison, derived)),
  ]
}

/** Baselines are those of the configuration, but for what SNAS or evolution could not find. */
function roleViolations(
  artifacts: RunArtifacts,
  { contenders, limited }: Candidates,
  derived: readonly Found[],
): readonly string[] {
  const run = autoFpnRunOf(artifacts)
  const { config } = run
  const { fpn, random } = config.baselines
  const snas = derived.find(({ method }) => method === 'snas')
  const evolved = fittestOf(artifacts)
  const all = [
    'found',
    ...(fpn ? ['fpn'] : []),
    ...(snas === undefined ? [] : ['snas']),
    ...(evolved === undefined ? [] : ['evolution']),
    ...Array.from({ length: random }, () => 'random'),
  ].join()
  const roles = contenders.map(({ role }) => role).join()
  const expected = limited === undefined ? all : 'found'
  const { schema } = spaceOf(run)
  const isWhatItSays = ({ role, genotype }: DetectorCandidate): boolean =>
    role === 'fpn'
      ? genotype === null
      : schema.safeParse(genotype).success &&
        (role !== 'snas' || isDeepStrictEqual(genotype, snas?.genotype)) &&
        (role !== 'evolution' || isDeepStrictEqual(genotype, evolved))
  return [
    ...(roles === expected ? [] : [`candidates are ${roles}, not ${expected}`]),
    ...contenders
      .filter((each) => !isWhatItSays(each))
      .map(({ role }) => `${role} is another detector than that role has`),
  ]
}

function seedViolations(artifacts: RunArtifacts, { role, trials }: DetectorCandidate): readonly string[] {
  const { seeds } = autoFpnRunOf(artifacts).config.retrain
  const used = trials.map(({ seed }) => seed)
  return used.join() === seeds.join() ? [] : [`${role} is trained with seeds ${used}, not with ${seeds}`]
}

/** Specifications that differ in more than detector and seed. FPN has nothing to normalise. */
function unlikeViolations(artifacts: RunArtifacts, candidates: Candidates['contenders']): readonly string[] {
  const { config } = autoFpnRunOf(artifacts)
  const trainings = new Set<string>()
  const broken: string[] = []
  for (const { role, genotype, trials } of candidates)
    for (const { seed, trial } of trials) {
      const spec = readObject(artifacts.objects, trialKeys(trial).spec, detectorSpecSchema)
      if (spec === undefined) return [`trial ${trial} of ${role} has no specification`]
      const { batchNorm, ...training } = spec
      if (spec.seed !== seed || !isDeepStrictEqual(spec.genotype, genotype))
        broken.push(`trial ${trial} of ${role} trains another detector or with another seed`)
      if (batchNorm !== (genotype !== null && config.retrain.batchNorm))
        broken.push(`trial ${trial} of ${role} is not normalised as the configuration says`)
      trainings.add(JSON.stringify({ ...training, genotype: null, seed: null }))
    }
  return trainings.size > 1 ? [...broken, 'candidates are not trained alike'] : broken
}

function winnerViolations(
  { scenario }: RunArtifacts,
  { contenders, winner }: Comparison,
  derived: readonly Found[],
): readonly string[] {
  const ofPaper = derived.find(({ method }) => method === 'softmax')
  const found = contenders.find(({ role }) => role === 'found')
  const scores = found?.trials.map(({ trial }) => scenario.outcomeOf(trial).score) ?? []
  return [
    ...(isDeepStrictEqual(winner.genotype, ofPaper?.genotype)
      ? []
      : ["the winner is not what the paper's method has found"]),
    ...(found?.trials.some(({ trial }) => trial === winner.trial)
      ? []
      : [`the winner has trial ${winner.trial}, which is not of the detector that was found`]),
    ...(scores.length > 0 && Math.abs(winner.score - mean(scores)) < 1e-9
      ? []
      : [`the winner has score ${winner.score}, its trials ${scores.join(' and ')}`]),
  ]
}
