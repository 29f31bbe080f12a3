import { type Rerank, rerankSchema } from '../../../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import { datasetFactsSchema } from '../../../../nas/runs/dataset.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import { differencesOf } from '../../differences.ts'
import type { ObjectMap, Revision } from '../../run-artifacts.ts'
import { type Revisions, readObject } from '../pipeline.ts'
import { ofEachRevision } from './artifacts.ts'

const rankingOf = (objects: ObjectMap, run: string): Rerank =>
  readObject(objects, dpcKeys(run).rerank, rerankSchema)!

const searchedOf = ({ contenders }: Rerank): string =>
  JSON.stringify(contenders.filter(({ role }) => role === 'searched').map(({ genotype }) => genotype))

/** A dataset that has changed is surveyed; the cells that the search found are ranked on it, and its own work stays. */
function violations(revision: Revision): readonly string[] {
  const { run, before, after, jobs } = revision
  const surveyed = readObject(after, runKeys(run).dataset, datasetFactsSchema)?.fingerprint
  const [first, second] = [rankingOf(before, run), rankingOf(after, run)]
  const earlier = ofEachRevision(before, run, 'outcome')
  return [
    ...(surveyed === undefined || surveyed === first.dataset.fingerprint
      ? ['a dataset that had changed was not surveyed']
      : []),
    ...jobs
      .filter((kind) => kind !== 'survey' && kind !== 'train')
      .map((kind) => `a revision has started a ${kind} job`),
    ...differencesOf(earlier, after, before, 'before the revision'),
    ...(revision.end.error === undefined ? rankedOn(surveyed, first, second) : []),
  ]
}

function rankedOn(surveyed: string | undefined, first: Rerank, second: Rerank): readonly string[] {
  return [
    ...(second.dataset.fingerprint === surveyed
      ? []
      : [`the ranking is of dataset ${second.dataset.fingerprint}, not of ${surveyed}`]),
    ...(searchedOf(first) === searchedOf(second) ? [] : ['a revision ranks other cells than the search']),
  ]
}

export const revisions: Revisions = { machine: 'Revision', violations }
