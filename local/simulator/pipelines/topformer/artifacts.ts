import { runOf } from '../../../../nas/pipelines/run.ts'
import { type Candidates, candidatesSchema } from '../../../../nas/pipelines/topformer/comparison.ts'
import { topformer as contract } from '../../../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../../../nas/pipelines/topformer/keys.ts'
import {
  type Round,
  type RoundResults,
  roundResultsSchema,
  roundSchema,
} from '../../../../nas/pipelines/topformer/round.ts'
import { supernetSpec, variedIn } from '../../../../nas/pipelines/topformer/specs.ts'
import { trialKey } from '../../../../nas/runs/trial.ts'
import type { FinishedRun } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'

export const topformerRun = ({ record }: FinishedRun) => runOf(record, contract)

export function supernetsOf(run: FinishedRun): readonly string[] {
  const record = topformerRun(run)
  return variedIn(record).map((varied) => trialKey(supernetSpec(record, varied)))
}

export function roundsIn({ objects, record: { run } }: FinishedRun): readonly Round[] {
  const rounds: Round[] = []
  for (;;) {
    const round = readObject(objects, topformerKeys(run).round(rounds.length), roundSchema)
    if (round === undefined) return rounds
    rounds.push(round)
  }
}

export const resultsIn = (
  { objects, record: { run } }: FinishedRun,
  round: number,
): RoundResults | undefined => readObject(objects, topformerKeys(run).results(round), roundResultsSchema)

export const candidatesOf = ({ objects, record: { run } }: FinishedRun): Candidates | undefined =>
  readObject(objects, topformerKeys(run).candidates, candidatesSchema)

export const trials = (run: FinishedRun): readonly string[] => [
  ...supernetsOf(run),
  ...roundsIn(run).flatMap(({ searches }) => searches.flat().map(({ trial }) => trial)),
  ...(candidatesOf(run)?.contenders.flatMap((candidate) => candidate.trials.map(({ trial }) => trial)) ?? []),
]
