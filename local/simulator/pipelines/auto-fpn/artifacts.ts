import { type Candidates, candidatesSchema } from '../../../../nas/pipelines/auto-fpn/comparison.ts'
import { type Module, modulesOf } from '../../../../nas/pipelines/auto-fpn/config.ts'
import { type Derived, derivedSchema, type Found } from '../../../../nas/pipelines/auto-fpn/derived.ts'
import {
  type EvaluatedDetector,
  type EvolutionRound,
  evolutionResultsSchema,
  evolutionRoundSchema,
} from '../../../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpn as contract } from '../../../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import { methodsOf } from '../../../../nas/pipelines/auto-fpn/size.ts'
import { type SupernetSpec, supernetSpec } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { trialKey } from '../../../../nas/runs/trial.ts'
import type { FinishedRun } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'

export const autoFpnRunOf = ({ record }: Pick<FinishedRun, 'record'>) => runOf(record, contract)

export const candidatesOf = ({ objects, record: { run } }: FinishedRun): Candidates | undefined =>
  readObject(objects, autoFpnKeys(run).candidates, candidatesSchema)

/** Why baselines are left out, if they are: where detectors evolve, that is decided before they begin. */
export const limitedOf = (run: FinishedRun): string | undefined =>
  (autoFpnRunOf(run).config.baselines.evolution ? roundsIn(run)[0] : candidatesOf(run))?.limited

/** What the searches of a module have found. */
export const derivedOf = ({ objects, record: { run } }: FinishedRun, module: Module): Derived | undefined =>
  readObject(objects, autoFpnKeys(run).derived(module), derivedSchema)

/** A search that the run has decided on. */
export interface Search {
  readonly trial: string
  readonly spec: SupernetSpec
  /** On which a head is searched; null for FPN's, or where the neck is searched. */
  readonly neck: Found | null
}

/** The searches of a module: of a head on what the same method has found for the neck, as far as necks have been derived. */
export function searchesOf(run: FinishedRun, module: Module): readonly Search[] {
  const record = autoFpnRunOf(run)
  const modules = modulesOf(record.config)
  if (!modules.includes(module)) return []
  const on = (method: SupernetSpec['method'], neck: Found | null): Search => {
    const spec = supernetSpec(record, module, method, neck)
    return { trial: trialKey(spec), spec, neck }
  }
  return module === 'head' && modules.includes('neck')
    ? (derivedOf(run, 'neck')?.found ?? []).map((neck) => on(neck.method, neck))
    : methodsOf(record.config).map((method) => on(method, null))
}

/** The rounds of evolution. */
export const roundsIn = (run: FinishedRun): readonly EvolutionRound[] =>
  upToMissing((n) =>
    readObject(run.objects, autoFpnKeys(run.record.run).evolution.round(n), evolutionRoundSchema),
  )

/** What became of the detectors of each round, as far as that is recorded. */
export const evaluatedIn = (run: FinishedRun): readonly (readonly EvaluatedDetector[])[] =>
  upToMissing(
    (n) =>
      readObject(run.objects, autoFpnKeys(run.record.run).evolution.results(n), evolutionResultsSchema)
        ?.evaluated,
  )

function upToMissing<T>(read: (n: number) => T | undefined): readonly T[] {
  const all: T[] = []
  for (;;) {
    const next = read(all.length)
    if (next === undefined) return all
    all.push(next)
  }
}

export const trials = (run: FinishedRun): readonly string[] => [
  ...roundsIn(run).flatMap(({ candidates }) => candidates.map(({ trial }) => trial)),
  ...(['neck', 'head'] as const).flatMap((module) => searchesOf(run, module).map(({ trial }) => trial)),
  ...(candidatesOf(run)?.contenders.flatMap((candidate) => candidate.trials.map(({ trial }) => trial)) ?? []),
]
