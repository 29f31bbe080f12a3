import { candidatesSchema } from '../../../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import { type Round, roundSchema } from '../../../../nas/pipelines/dpc/round.ts'
import { type StopDecision, stopDecisionSchema } from '../../../../nas/runs/stop-decision.ts'
import type { FinishedRun, ObjectMap } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'

export function roundsOf(objects: ObjectMap, run: string): readonly Round[] {
  const rounds: Round[] = []
  for (;;) {
    const round = readObject(objects, dpcKeys(run).round(rounds.length), roundSchema)
    if (round === undefined) return rounds
    rounds.push(round)
  }
}

export const decisionOf = (objects: ObjectMap, run: string, round: number): StopDecision | undefined =>
  readObject(objects, dpcKeys(run).stopDecision(round), stopDecisionSchema)

/** Keys of one kind of object, whichever revision of the ranking it belongs to. */
export const ofEachRevision = (objects: ObjectMap, run: string, kind: 'candidates' | 'outcome') => {
  const pattern = new RegExp(`^${dpcKeys(run).edition('[0-9a-f]+')[kind].replaceAll('.', '\\.')}$`)
  return [...objects.keys()].filter((key) => pattern.test(key))
}

/** What was proposed in the rounds, and what was picked for each revision of the ranking. */
export function trials({ objects, record: { run } }: FinishedRun): readonly string[] {
  const proposed = roundsOf(objects, run).flatMap(({ candidates, baselines = [] }) => [
    ...candidates,
    ...baselines,
  ])
  const picked = ofEachRevision(objects, run, 'candidates').flatMap((key) =>
    readObject(objects, key, candidatesSchema)!.contenders.flatMap((candidate) => candidate.trials),
  )
  return [...proposed, ...picked].map(({ trial }) => trial)
}
