import { TrellisError } from '../nas/errors.ts'
import { cardOf, readModelOf } from '../nas/runs/model.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { plainJsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { percent } from '../report/format.ts'
import { exportFront } from './export-front.ts'
import { findRun, type RunOptions } from './find-run.ts'
import { fixedModel, parseShape, readWeights } from './fixed-model.ts'
import { exportJson, printJson } from './json.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { TrainedNetwork } from './pipelines/pipeline.ts'
import { checkAbsent, targetOf, writeOutput } from './write-output.ts'

export interface ExportOptions extends RunOptions {
  readonly front?: string
  readonly rank?: string
  readonly baseline?: string
  readonly onnx?: string
  readonly card?: string
  readonly weights?: string
  readonly genotype?: string
  readonly input?: string
  readonly batch?: string
  readonly json?: boolean
}

/** Options that name a file. */
const FILES = ['onnx', 'card', 'weights', 'genotype'] as const

/** @throws TrellisError `invalid-config` where a folder of the front is named beside what chooses one network */
export async function exportFiles(name: string, options: ExportOptions): Promise<void> {
  const { front } = options
  if (front === undefined) return exportModel(name, options)
  const other = ALONE.find((option) => options[option] !== undefined)
  if (other !== undefined)
    throw new TrellisError('invalid-config', `--front and --${other} cannot be given together`, {
      fix: 'export the front, or one network',
    })
  return exportFront(name, { ...options, front })
}

/**
 * Writes files of a network that a run has trained in full, of its best seed.
 * @throws TrellisError `not-found` where there is no such network; `invalid-config` for no file, or for one given twice
 */
export async function exportModel(name: string, options: ExportOptions): Promise<void> {
  await checkFiles(options)
  const { onnx = null, card = null, weights = null, genotype = null } = options
  const { store, record } = await findRun(name, options)
  const { run } = record
  const network = chosen(await pipelineOf(record.config).trained(store, run), options, run)
  const { trial, score, metric } = network
  if (onnx !== null || card !== null) {
    const model = await modelFor(store, record, trial, options)
    if (onnx !== null) await writeOutput(onnx, model, '--onnx')
    if (card !== null) await writeOutput(card, plainJsonBytes(cardOf(model)), '--card')
  }
  if (weights !== null) await writeOutput(weights, await readWeights(store, trial), '--weights')
  if (genotype !== null) await writeOutput(genotype, plainJsonBytes(network.genotype), '--genotype')
  if (options.json) printJson(exportJson, { run, trial, score, metric, onnx, card, weights, genotype })
  else {
    const files = FILES.flatMap((file) => options[file] ?? [])
    console.log(`${files.join(', ')}: ${percent(score)} ${metric}, trial ${trial}`)
  }
}

/** Options that are for one network. */
const ALONE = [...FILES, 'rank', 'baseline', 'input', 'batch'] as const

async function modelFor(
  store: ObjectStore,
  record: RunRecord,
  trial: string,
  { input, batch }: ExportOptions,
): Promise<Uint8Array> {
  const shape = parseShape(input, batch)
  const model = await readModelOf(store, record, trial)
  return shape === undefined ? model : fixedModel(store, record, trial, shape, cardOf(model))
}

/** The second of two files of one path would overwrite the first; of what is there already, nothing is overwritten. */
async function checkFiles(options: ExportOptions): Promise<void> {
  const named = new Map<string, string>()
  for (const option of FILES) {
    const file = options[option]
    if (file === undefined) continue
    if (file === '')
      throw new TrellisError('invalid-config', `--${option} names no file`, {
        fix: `give --${option} a file`,
      })
    const target = await targetOf(file)
    await checkAbsent(target, `--${option}`)
    const other = named.get(target)
    if (other !== undefined)
      throw new TrellisError('invalid-config', `--${other} and --${option} name the same file, ${file}`, {
        fix: 'give each a file of its own',
      })
    named.set(target, option)
  }
  if (
    options.input !== undefined &&
    options.onnx === undefined &&
    options.card === undefined &&
    named.size > 0
  )
    throw new TrellisError(
      'invalid-config',
      `--input ${options.input} changes nothing in ${[...named.values()].join(' or ')}`,
      {
        fix: 'leave it out, or name a model with --onnx',
      },
    )
  if (named.size > 0) return
  throw new TrellisError('invalid-config', 'no file is named', {
    fix: `give one or more of ${FILES.map((option) => `--${option} <file>`).join(', ')}`,
  })
}

function chosen(
  trained: readonly TrainedNetwork[],
  { rank, baseline }: ExportOptions,
  run: string,
): TrainedNetwork {
  if (baseline === undefined)
    return atRank(
      trained.filter((each) => each.baseline === null),
      rank ?? '1',
      run,
    )
  if (rank !== undefined)
    throw new TrellisError('invalid-config', '--rank and --baseline choose different networks', {
      fix: 'give one of them',
    })
  const network = trained.find((each) => each.baseline === baseline)
  if (network !== undefined) return network
  const baselines = new Set(trained.flatMap((each) => each.baseline ?? []))
  throw new TrellisError('not-found', `run ${run} has no trained baseline ${JSON.stringify(baseline)}`, {
    fix:
      baselines.size === 0
        ? 'it has none at all: leave --baseline out for the network that was found'
        : `give --baseline one of ${[...baselines].join(', ')}`,
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
