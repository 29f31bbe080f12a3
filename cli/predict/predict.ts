import { stat } from 'node:fs/promises'
import type { Pixels } from '../../nas/data/dataset.ts'
import { decodeImage } from '../../nas/data/decode.ts'
import { bestTrial } from '../../nas/runs/comparison.ts'
import { type InputKind, MEGABYTE, readInput } from '../../nas/store/input-file.ts'
import type { Prediction } from '../../nas/training/predictor.ts'
import { findRun, type RunOptions } from '../find-run.ts'
import { predictionJson, printJson } from '../json.ts'
import { pipelineOf } from '../pipelines/index.ts'
import { printable } from '../printable.ts'
import { engineFor, foundAt, predictorOf } from '../trained-network.ts'
import { objectsInWords, objectsOf, writeBoxes } from './boxes.ts'
import { likeliest, likeliestInWords } from './classes.ts'
import { checkFree, type MaskFiles, maskFiles, writeMask } from './masks.ts'

export interface PredictOptions extends RunOptions {
  readonly out: string
  readonly rank: string
  readonly json?: boolean
}

/** Predicts images with a network that a run has found, of its best seed: writes masks, or images with boxes, or prints classes. */
export async function predict(
  run: string,
  files: readonly string[],
  { out, rank, json, ...options }: PredictOptions,
): Promise<void> {
  const { store, record } = await findRun(run, options)
  const { ranking, dataset } = await pipelineOf(record.config).compared(store, record)
  const trial = bestTrial(foundAt(rank, ranking, record.run).trials)
  const predictor = await predictorOf(store, record, trial)
  const targets = files.map((file) => maskFiles(file, out))
  await checkFree(targets.flatMap((target) => filesOf(predictor.kind, target)))
  // All of them, before anything is written; a pipe is read once.
  for (const file of files) if (!(await isPipe(file))) await readImage(file)
  const engine = await engineFor(record)
  const images = []
  for (const [i, file] of files.entries()) {
    const image = await readImage(file)
    const told = await tell(await predictor.predict(engine, image), {
      ...{ file, image, json },
      classes: dataset.classes,
      target: targets[i]!,
    })
    images.push(told)
  }
  if (json) printJson(predictionJson, { run: record.run, trial, images })
}

/** What a prediction is written to. */
function filesOf(kind: Prediction['kind'], { mask, overlay }: MaskFiles): readonly string[] {
  switch (kind) {
    case 'mask':
      return [mask, overlay]
    case 'boxes':
      return [overlay]
    case 'class':
      return []
  }
}

interface Predicted {
  readonly file: string
  readonly image: Pixels
  readonly classes: readonly string[]
  readonly target: MaskFiles
  readonly json: boolean | undefined
}

/** Writes or prints a prediction, as soon as there is one. @returns what --json says of it */
async function tell(prediction: Prediction, { file, image, classes, target, json }: Predicted) {
  if (prediction.kind === 'mask') {
    await writeMask(target, image, prediction, classes)
    if (!json) console.log(printable(`${file}: ${target.mask}, ${target.overlay}`))
    return { image: file, ...target }
  }
  if (prediction.kind === 'boxes') {
    const objects = objectsOf(prediction, classes)
    await writeBoxes(target.overlay, image, prediction, classes)
    if (!json) console.log(printable(`${file}: ${objectsInWords(objects)}; ${target.overlay}`))
    return { image: file, overlay: target.overlay, objects }
  }
  const first = likeliest(prediction.probabilities, classes)
  if (!json) console.log(printable(`${file}: ${likeliestInWords(first)}`))
  return { image: file, classes: first }
}

const isPipe = (file: string): Promise<boolean> =>
  stat(file).then(
    (stats) => stats.isFIFO(),
    () => false,
  )

const readImage = (file: string): Promise<Pixels> => decodeImage(readInput(file, IMAGE), file)

const IMAGE: InputKind = {
  what: 'image',
  limit: 1024 * MEGABYTE,
  code: 'invalid-dataset',
  fix: 'name files of images',
}
