import { TrellisError } from '../nas/errors.ts'
import { readModelOf } from '../nas/runs/model.ts'
import { plainJsonBytes } from '../nas/store/json.ts'
import { percent } from '../report/format.ts'
import { findRun, type RunOptions } from './find-run.ts'
import { exportJson, printJson } from './json.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { TrainedNetwork } from './pipelines/pipeline.ts'
import { targetOf, writeOutput } from './write-output.ts'

export interface ExportOptions extends RunOptions {
  readonly rank: string
  readonly onnx: string
  readonly genotype?: string
  readonly json?: boolean
}

/**
 * Copies the searched network at a place by its score after full training, of its best seed.
 * @throws TrellisError `not-found` where no network has that rank; `invalid-config` for one file given twice
 */
export async function exportModel(name: string, options: ExportOptions): Promise<void> {
  await checkFiles(options)
  const { store, record } = await findRun(name, options)
  const { run } = record
  const ranked = await pipelineOf(record.config).trained(store, run)
  const { trial, score, metric, genotype } = atRank(ranked, options.rank, run)
  await writeOutput(options.onnx, await readModelOf(store, record, trial))
  if (options.genotype !== undefined) await writeOutput(options.genotype, plainJsonBytes(genotype))
  if (options.json) {
    const { onnx, genotype: file = null } = options
    printJson(exportJson, { run, trial, score, metric, onnx, genotype: file })
  } else console.log(`${options.onnx}: ${percent(score)} ${metric}, trial ${trial}`)
}

/** The second of two files of one path would overwrite the first. */
async function checkFiles({ onnx, genotype }: ExportOptions): Promise<void> {
  const model = await targetOf(onnx)
  if (genotype === undefined || (await targetOf(genotype)) !== model) return
  throw new TrellisError('invalid-config', `--onnx and --genotype name the same file, ${onnx}`, {
    fix: 'give each a file of its own',
  })
}

function atRank(ranked: readonly TrainedNetwork[], text: string, run: string): TrainedNetwork {
  const network = /^[1-9]\d*$/.test(text) ? ranked[Number(text) - 1] : undefined
  if (network === undefined) {
    throw new TrellisError('not-found', `run ${run} has no trained network of rank ${text}`, {
      fix: `give --rank a number from 1 to ${ranked.length}`,
    })
  }
  return network
}
