import { z } from 'zod'
import { frontSchema } from '../../../../nas/pipelines/topformer/front.ts'
import { topformerKeys } from '../../../../nas/pipelines/topformer/keys.ts'
import { latencyKey, partTableSchema, taskOf } from '../../../../nas/pipelines/topformer/latency.ts'
import { isDescent, searchesOf } from '../../../../nas/pipelines/topformer/searches.ts'
import { evaluateSpecSchema } from '../../../../nas/pipelines/topformer/specs.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { latencyKeys } from '../../../../nas/runs/latencies.ts'
import { isScored } from '../../../../nas/runs/rounds.ts'
import type { TopformerTask } from '../../../../nas/spaces/topformer/cost.ts'
import type { TopformerGenotype } from '../../../../nas/spaces/topformer/genotype.ts'
import { limitedCost } from '../../../../nas/spaces/topformer/limit.ts'
import { genotypeKey } from '../../../../nas/spaces/topformer/space.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'
import { readObject } from '../pipeline.ts'
import { candidatesOf, pretrainingOf, resultsIn, roundsIn, supernetsOf, topformerRun } from './artifacts.ts'

/**
 * What trainings start from is pretrained before; supernets are trained before networks inherit from them; all networks are within their limits; half-steps sample one half and
 * fix the best of the other; results are those of the trials, and the front is of all of them.
 */
export const searchViolations = (artifacts: RunArtifacts): readonly string[] => [
  ...startViolations(artifacts),
  ...orderViolations(artifacts),
  ...limitViolations(artifacts),
  ...descentViolations(artifacts),
  ...resultViolations(artifacts),
  ...frontViolations(artifacts),
]

/** Supernets, and networks that are trained in full, start from what the run has pretrained. */
function startViolations(artifacts: RunArtifacts): readonly string[] {
  const { objects, seen } = artifacts
  const pretraining = pretrainingOf(artifacts)
  const trained = candidatesOf(artifacts)?.contenders.flatMap(({ trials }) => trials) ?? []
  return [...supernetsOf(artifacts), ...trained.map(({ trial }) => trial)].flatMap((trial) => {
    const from = readObject(objects, trialKeys(trial).spec, startSchema)?.pretrained?.from.trial
    if (objects.has(trialKeys(trial).spec) && from !== pretraining)
      return [`trial ${trial} starts from ${from}, and the run has pretrained ${pretraining}`]
    const begunAt = seen.begun.get(trial)?.[0]?.at
    if (pretraining === undefined || begunAt === undefined) return []
    const readyAt = seen.written.get(trialKeys(pretraining).result)
    return readyAt === undefined || readyAt > begunAt
      ? [`trial ${trial} began before what it starts from was pretrained`]
      : []
  })
}

const origin = z.object({ trial: z.string() })
/** Specs of supernets name it as it is, those of networks beside its space. */
const startSchema = z.object({
  pretrained: z.union([z.object({ from: origin }), origin.transform((from) => ({ from }))]).optional(),
})

function orderViolations(artifacts: RunArtifacts): readonly string[] {
  const { objects, seen } = artifacts
  const supernets = supernetsOf(artifacts)
  return roundsIn(artifacts)
    .flatMap(({ searches }) => searches.flat())
    .flatMap(({ trial }) => {
      const spec = readObject(objects, trialKeys(trial).spec, evaluateSpecSchema)
      if (spec === undefined) return []
      if (!supernets.includes(spec.supernet))
        return [`trial ${trial} inherits from a supernet of another run`]
      const begunAt = seen.begun.get(trial)?.[0]?.at
      const trainedAt = seen.written.get(trialKeys(spec.supernet).result)
      return begunAt !== undefined && (trainedAt === undefined || trainedAt > begunAt)
        ? [`trial ${trial} began before its supernet was trained`]
        : []
    })
}

/** With the latencies that the run has measured. */
function taskIn(artifacts: RunArtifacts): TopformerTask {
  const record = topformerRun(artifacts)
  const key = latencyKey(record)
  const latencies =
    key === null ? undefined : readObject(artifacts.objects, latencyKeys(key).table, partTableSchema)
  return { ...taskOf(record), ...(latencies && { latencies }) }
}

function limitViolations(artifacts: RunArtifacts): readonly string[] {
  const record = topformerRun(artifacts)
  const task = taskIn(artifacts)
  return searchesOf(record).flatMap(({ index, limit }) =>
    roundsIn(artifacts).flatMap(({ round, searches }) =>
      searches[index]!.filter(({ genotype }) => limitedCost(genotype, limit.of, task) >= limit.most).map(
        ({ trial }) => `trial ${trial} of half-step ${round} is beyond its limit`,
      ),
    ),
  )
}

const fixedHalf = ({ transformers, ...cnn }: TopformerGenotype, sampled: 'vit' | 'cnn'): unknown =>
  sampled === 'vit' ? cnn : transformers

function descentViolations(artifacts: RunArtifacts): readonly string[] {
  const record = topformerRun(artifacts)
  const rounds = roundsIn(artifacts)
  const broken: string[] = []
  for (const { index } of searchesOf(record).filter(isDescent)) {
    let best: { genotype: TopformerGenotype; score: number } | undefined
    for (const { round, half, searches } of rounds) {
      const candidates = searches[index]!
      const expected = best ?? candidates[0]
      const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
      if (
        expected !== undefined &&
        candidates.some(
          ({ genotype }) => !same(fixedHalf(genotype, half), fixedHalf(expected.genotype, half)),
        )
      )
        broken.push(`half-step ${round} of search ${index} does not fix what was best`)
      if (new Set(candidates.map(({ genotype }) => genotypeKey(genotype))).size < candidates.length)
        broken.push(`half-step ${round} of search ${index} has a network twice`)
      const scored = (resultsIn(artifacts, round)?.searches[index] ?? []).filter(isScored)
      const [top] = scored.toSorted((a, b) => b.score - a.score)
      if (
        top !== undefined &&
        (!record.config.search.keepIncumbent || best === undefined || top.score > best.score)
      )
        best = top
      // Where no candidate has ever had a score, what is fixed is drawn and not recorded.
      if (best === undefined) break
    }
  }
  return broken
}

function resultViolations(artifacts: RunArtifacts): readonly string[] {
  const { scenario } = artifacts
  return roundsIn(artifacts).flatMap(({ round, searches }) => {
    const results = resultsIn(artifacts, round)?.searches
    if (results === undefined) return []
    const ofRound = (lists: readonly (readonly { readonly trial: string }[])[]) =>
      lists.map((list) => list.map(({ trial }) => trial).join()).join(';')
    return [
      ...(ofRound(results) === ofRound(searches) ? [] : [`half-step ${round} has results of other networks`]),
      ...results
        .flat()
        .filter(isScored)
        .filter(({ trial, score }) => score !== scenario.outcomeOf(trial).score)
        .map(({ trial }) => `half-step ${round} has another score of ${trial} than the trial`),
    ]
  })
}

function frontViolations(artifacts: RunArtifacts): readonly string[] {
  const { objects } = artifacts
  const record = topformerRun(artifacts)
  const keys = topformerKeys(record.run)
  const front = readObject(objects, keys.front, frontSchema)
  if (front === undefined || !objects.has(keys.comparison)) return []
  const task = taskIn(artifacts)
  const { of } = record.config.search.limit
  const all = roundsIn(artifacts).flatMap(
    ({ round }) => resultsIn(artifacts, round)?.searches.flat().filter(isScored) ?? [],
  )
  const beaten = ({ genotype, score }: (typeof all)[number]) =>
    front.points.some((point) => point.score >= score && point[of]! <= limitedCost(genotype, of, task))
  return [
    ...(all.every(beaten) ? [] : ['a network that nothing on the front equals is not on it']),
    ...(front.points.every(({ trial }) => all.some((each) => each.trial === trial))
      ? []
      : ['the front has a network that was not evaluated']),
  ]
}
