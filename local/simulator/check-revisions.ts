import { differencesOf } from './differences.ts'
import type { SimulatedPipeline } from './pipelines/pipeline.ts'
import type { Revision, RunArtifacts } from './run-artifacts.ts'

/** What the revisions of a ranking promise: with nothing new no job and the same ranking, else what their pipeline promises. */
export function revisionViolations(
  artifacts: RunArtifacts,
  { revisions: own, isResult }: SimulatedPipeline,
): readonly string[] {
  const { revisions, end } = artifacts
  return revisions.flatMap((revision) =>
    revision.changed && end.error === undefined
      ? (own?.violations(revision) ?? [])
      : unchangedBy(revision, isResult),
  )
}

function unchangedBy({ run, before, after, jobs }: Revision, isResult: SimulatedPipeline['isResult']) {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => isResult(key, run))
  return [
    ...jobs.map((kind) => `a revision with nothing new has started a ${kind} job`),
    ...differencesOf(keys, after, before, 'before the revision'),
  ]
}
