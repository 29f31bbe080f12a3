import { basename, dirname, resolve } from 'node:path'
import { TrellisError } from '../nas/errors.ts'
import { runKeys, trialKeys } from '../nas/runs/keys.ts'
import { type Rerank, rerankSchema, type Trained } from '../nas/runs/rerank.ts'
import { folderStore } from '../nas/store/folder.ts'
import { jsonBytes, requireJson } from '../nas/store/json.ts'
import { percent } from '../report/format.ts'
import { findRun, type RunOptions } from './find-run.ts'

export interface ExportOptions extends RunOptions {
  readonly rank: string
  readonly onnx: string
  readonly genotype?: string
}

/**
 * Copies the network of the searched cell at a place by full training, of its best seed.
 * @throws TrellisError `not-found` where no network stands at that place
 */
export async function exportModel(run: string, options: ExportOptions): Promise<void> {
  const { store } = await findRun(run, options)
  const rerank = await requireJson(
    store,
    runKeys(run).rerank,
    rerankSchema,
    `nothing is trained in full yet: trellis resume ${run}`,
  )
  const { cell, trial, score } = atRank(rerank, options.rank, run)
  const model = await store.get(trialKeys(trial).model)
  if (model === undefined) {
    throw new TrellisError('not-found', `${store.location}/${trialKeys(trial).model} does not exist`, {
      fix: 'it was deleted: start the same search again under another name',
    })
  }
  await write(options.onnx, model)
  if (options.genotype !== undefined) await write(options.genotype, jsonBytes(cell.genotype))
  console.log(`${options.onnx}: ${percent(score)} mIoU, trial ${trial}`)
}

function atRank({ contenders }: Rerank, text: string, run: string) {
  const ranked = contenders
    .filter((cell): cell is Trained & { score: number } => cell.role === 'searched' && cell.score !== null)
    .sort((a, b) => b.score - a.score)
  const cell = /^[1-9]\d*$/.test(text) ? ranked[Number(text) - 1] : undefined
  if (cell === undefined) {
    throw new TrellisError('not-found', `run ${run} has no trained network of rank ${text}`, {
      fix: `give --rank a number from 1 to ${ranked.length}`,
    })
  }
  const best = cell.trials.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))[0]!
  return { cell, trial: best.trial, score: cell.score }
}

/** As a store does it: all of a file, or nothing. */
const write = (file: string, bytes: Uint8Array): Promise<void> =>
  folderStore(dirname(resolve(file))).put(basename(file), bytes)
