import { availableParallelism } from 'node:os'
import type { Engine } from '../nas/engines/engine.ts'
import { openEngine } from '../nas/engines/open.ts'
import { TrellisError } from '../nas/errors.ts'
import { readTrained } from '../nas/runs/model.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { readSpec } from '../nas/runs/trial.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Predictor } from '../nas/training/predictor.ts'
import type { Candidate, Ranking } from '../report/comparison/ranking.ts'
import { pipelineOf } from './pipelines/index.ts'

/** The network of a trial of full training, with its weights. */
export const predictorOf = async (store: ObjectStore, record: RunRecord, trial: string): Promise<Predictor> =>
  pipelineOf(record.config).predictor(record, await readSpec(store, trial), await readTrained(store, trial))

/** What runs the networks of a run on this computer: as in its jobs, so that scores are the same. */
export const engineFor = ({ config }: RunRecord): Promise<Engine> =>
  openEngine(config.compute.engine, { device: 'cpu', threads: availableParallelism() })

/** Those that could be trained, the best first. */
export const baselinesIn = ({ candidates }: Ranking): readonly Candidate[] =>
  candidates.filter(({ kind, score }) => kind === 'baseline' && score !== null)

/**
 * A network that the search has found, by its place after full training.
 * @throws TrellisError `not-found` where none has that rank
 */
export function foundAt(rank: string, ranking: Ranking, run: string): Candidate {
  const found = ranking.candidates.filter(({ kind, score }) => kind !== 'baseline' && score !== null)
  const network = /^[1-9]\d*$/.test(rank) ? found[Number(rank) - 1] : undefined
  if (network !== undefined) return network
  throw new TrellisError('not-found', `run ${run} has no trained network of rank ${rank}`, {
    fix: `give --rank a number from 1 to ${found.length}`,
  })
}
