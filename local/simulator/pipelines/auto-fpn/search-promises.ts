import { isDeepStrictEqual } from 'node:util'
import { type Module, modulesOf } from '../../../../nas/pipelines/auto-fpn/config.ts'
import { backboneKey, featuresKey } from '../../../../nas/pipelines/auto-fpn/inputs.ts'
import { autoFpnKeys, supernetKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import { supernetSpecSchema } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import { backboneKeys, featuresKeys } from '../../../../nas/runs/inputs.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { autoFpnGenotypeSchema } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'
import { autoFpnRunOf, derivedOf, type Search, searchesOf } from './artifacts.ts'

/**
 * A module is searched once its inputs are there, the head on the neck that the same method has found; what has been found by those
 * searches that could be done, and nothing else, is derived, and does not change any more. Which searches failed is told.
 */
export const searchViolations = (artifacts: RunArtifacts): readonly string[] =>
  modulesOf(autoFpnRunOf(artifacts).config).flatMap((module) => {
    const searches = searchesOf(artifacts, module)
    return [
      ...searches.flatMap((search) => [
        ...inputViolations(artifacts, module, search),
        ...neckViolations(artifacts, search),
      ]),
      ...derivedViolations(artifacts, module, searches),
      ...[
        autoFpnKeys(artifacts.record.run).derived(module),
        ...searches.map(({ trial }) => supernetKeys(trial).genotype),
      ]
        .filter((key) => artifacts.seen.changed.has(key))
        .map((key) => `${key} has changed`),
    ]
  })

/** When the run itself began a search; undefined where another run, or none, has done it. */
const begunAt = ({ seen, record }: RunArtifacts, trial: string): number | undefined =>
  seen.begun.get(trial)?.find(({ run }) => run === record.run)?.at

function inputViolations(artifacts: RunArtifacts, module: Module, { trial }: Search): readonly string[] {
  const record = autoFpnRunOf(artifacts)
  const begun = begunAt(artifacts, trial)
  const isThere = (key: string) => (artifacts.seen.written.get(key) ?? Number.POSITIVE_INFINITY) < begun!
  if (begun === undefined) return []
  const { freezeBackbone } = record.config.search
  return [
    ...(isThere(backboneKeys(backboneKey(record)).manifest)
      ? []
      : [`the ${module} was searched before there was a backbone`]),
    ...(!freezeBackbone || isThere(featuresKeys(featuresKey(record)).manifest)
      ? []
      : [`the ${module} was searched before there were features`]),
  ]
}

/** A head, its neck, and the weights that this starts from. */
function neckViolations(artifacts: RunArtifacts, { trial, neck }: Search): readonly string[] {
  const { objects, seen } = artifacts
  const { config, run } = autoFpnRunOf(artifacts)
  const spec = readObject(objects, trialKeys(trial).spec, supernetSpecSchema)
  if (neck === null || spec === undefined) return []
  const begun = begunAt(artifacts, trial)
  const startsFrom = config.search.pretrainedNeck ? neck.trial : null
  return [
    ...(begun === undefined || begun > seen.written.get(autoFpnKeys(run).derived('neck'))!
      ? []
      : ['the head was searched before its neck was derived']),
    ...(isDeepStrictEqual(spec.neck?.genotype, neck.genotype) && spec.method === neck.method
      ? []
      : [`trial ${trial} searches a head on another neck than ${neck.method} has found`]),
    ...(spec.neck?.trial === startsFrom
      ? []
      : [`trial ${trial} starts from the weights of ${spec.neck?.trial}, not of ${startsFrom}`]),
  ]
}

function derivedViolations(
  artifacts: RunArtifacts,
  module: Module,
  searches: readonly Search[],
): readonly string[] {
  const { objects, scenario, seen, record } = artifacts
  const derived = derivedOf(artifacts, module)
  if (derived === undefined) return []
  const isDone = ({ trial }: Search) => scenario.outcomeOf(trial).failure === undefined
  const expected = searches.filter(isDone)
  const failed = searches.filter((search) => !isDone(search))
  const derivedAt = seen.latest.get(autoFpnKeys(record.run).derived(module))!
  return [
    ...(derived.found.map(({ trial }) => trial).join() === expected.map(({ trial }) => trial).join()
      ? []
      : [`the ${module} is derived from other searches than those that could be done`]),
    ...(failed.map(({ spec }) => spec.method).join() ===
    (derived.failed ?? []).map(({ method }) => method).join()
      ? []
      : [`it is not told which searches of the ${module} failed`]),
    ...derived.found.flatMap(({ method, trial, genotype, score }) => {
      const neck = searches.find((search) => search.trial === trial)?.neck
      const own = readObject(objects, supernetKeys(trial).genotype, autoFpnGenotypeSchema)
      const searchedAt = seen.written.get(trialKeys(trial).result) ?? Number.POSITIVE_INFINITY
      return [
        ...(searchedAt < derivedAt ? [] : [`the ${module} of ${method} was derived before it was searched`]),
        ...(own === undefined || isDeepStrictEqual(genotype, { ...neck?.genotype, ...own })
          ? []
          : [`the ${module} of ${method} is not what its search has found`]),
        ...(score === scenario.outcomeOf(trial).score
          ? []
          : [`the ${module} of ${method} has another score than its search`]),
      ]
    }),
  ]
}
