import { type Candidates, candidatesSchema } from '../../../../nas/pipelines/densenas/comparison.ts'
import { denseNas as contract } from '../../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import { supernetSpec } from '../../../../nas/pipelines/densenas/specs.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { trialKey } from '../../../../nas/runs/trial.ts'
import type { FinishedRun } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'

/** The trial that is the search. */
export const supernetOf = ({ record }: FinishedRun): string => trialKey(supernetSpec(runOf(record, contract)))

export const candidatesOf = ({ objects, record: { run } }: FinishedRun): Candidates | undefined =>
  readObject(objects, denseNasKeys(run).candidates, candidatesSchema)

export const trials = (run: FinishedRun): readonly string[] => [
  supernetOf(run),
  ...(candidatesOf(run)?.contenders.flatMap((candidate) => candidate.trials.map(({ trial }) => trial)) ?? []),
]
