import { foundBy, type Rerank, rerankSchema } from '../../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import { getJson, RESUME } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'
import { rankCells } from '../../../report/dpc/comparison.ts'
import { nothingTrained } from '../../nothing-trained.ts'
import type { ComparedNetworks, Ranking, TrainedNetwork } from '../pipeline.ts'
import { trainedNetworks } from '../trained-networks.ts'

export async function ranking(store: ObjectStore, run: string): Promise<Ranking> {
  const rerank = await readRerank(store, run)
  const { edition, dataset, winner, kept } = rerank
  return {
    revision: edition,
    dataset,
    best: winner.score,
    score: foundBy(rerank).score,
    keeps: kept !== undefined,
  }
}

/** All cells, the best by score first; before them what the run keeps of an earlier ranking. */
export async function trained(store: ObjectStore, run: string): Promise<readonly TrainedNetwork[]> {
  const rerank = await readRerank(store, run)
  const { trial, score, genotype } = foundBy(rerank)
  const earlier =
    rerank.kept === undefined ? [] : [{ baseline: null, trial, score, metric: segmentation.score, genotype }]
  const ranked = trainedNetworks(rerank.contenders, segmentation.score, ({ role, genotype }) => ({
    baseline: role === 'searched' ? null : role,
    genotype,
  }))
  return [...earlier, ...ranked]
}

/** All cells trained in full. */
export async function compared(
  store: ObjectStore,
  { run }: { readonly run: string },
): Promise<ComparedNetworks> {
  const rerank = await readRerank(store, run)
  return { ranking: rankCells(rerank), dataset: rerank.dataset }
}

async function readRerank(store: ObjectStore, run: string): Promise<Rerank> {
  const rerank = await getJson(store, dpcKeys(run).rerank, rerankSchema, RESUME)
  if (rerank !== undefined) return rerank
  throw await nothingTrained(store, run)
}
