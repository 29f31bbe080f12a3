import { z } from 'zod'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { type Candidates, candidatesSchema } from '../../../../nas/pipelines/topformer/comparison.ts'
import { topformer as contract } from '../../../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../../../nas/pipelines/topformer/keys.ts'
import { pretrainSpec } from '../../../../nas/pipelines/topformer/pretraining.ts'
import {
  type Round,
  type RoundResults,
  roundResultsSchema,
  roundSchema,
} from '../../../../nas/pipelines/topformer/round.ts'
import { supernetSpec, variedIn } from '../../../../nas/pipelines/topformer/specs.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { trialKey } from '../../../../nas/runs/trial.ts'
import type { FinishedRun } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'

export const topformerRun = ({ record }: FinishedRun) => runOf(record, contract)

export function supernetsOf(run: FinishedRun): readonly string[] {
  const record = topformerRun(run)
  return variedIn(record).map((varied) => trialKey(supernetSpec(record, varied)))
}

/** Undefined for a run that pretrains nothing. */
export function pretrainingOf(run: FinishedRun): string | undefined {
  const spec = pretrainSpec(topformerRun(run))
  return spec && trialKey(spec)
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

/** Whether what its supernets start from is there. */
function isPretrained(run: FinishedRun): boolean {
  const trial = pretrainingOf(run)
  if (trial === undefined) return true
  return readObject(run.objects, trialKeys(trial).result, statusSchema)?.status === 'succeeded'
}
const statusSchema = z.looseObject({ status: z.string() })

/** Where its pretraining has failed, a run has chosen nothing else. */
export const trials = (run: FinishedRun): readonly string[] => [
  ...[pretrainingOf(run)].filter((trial) => trial !== undefined),
  ...(isPretrained(run) ? supernetsOf(run) : []),
  ...roundsIn(run).flatMap(({ searches }) => searches.flat().map(({ trial }) => trial)),
  ...(candidatesOf(run)?.contenders.flatMap((candidate) => candidate.trials.map(({ trial }) => trial)) ?? []),
]
