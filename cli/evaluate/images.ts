import { splitWarnings } from '../../nas/data/check-classes.ts'
import type { SampleRef, Split } from '../../nas/data/dataset.ts'
import { openSurveyed } from '../../nas/data/survey.ts'
import { TrellisError } from '../../nas/errors.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import { type DatasetFacts, getFiles } from '../../nas/runs/dataset.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Dataset } from '../../nas/tasks/task.ts'
import { readDatasetSection } from '../config-file.ts'
import { openWithProgress } from '../open-with-progress.ts'
import { otherValues } from './other-values.ts'

export interface ImagesOptions {
  readonly dataset?: string
  readonly split?: string
}

/** Labelled images on which networks are scored. */
export interface Images {
  readonly dataset: Dataset
  /** In words. */
  readonly source: string
  readonly split: Split
  readonly refs: readonly SampleRef[]
  /** What to bear in mind of their score, a sentence each. */
  readonly warnings: readonly string[]
}

const SPLITS: readonly Split[] = ['test', 'validation', 'train']

/**
 * The images of a run, or of the dataset in a file, of which no other split is read: by default its test images where some are kept aside, else those of
 * validation.
 * @param trainedOn the dataset of the run
 * @throws TrellisError `invalid-config` for a split that there is not, `invalid-dataset` for other classes
 */
export async function imagesFor(
  store: ObjectStore,
  record: RunRecord,
  trainedOn: DatasetFacts,
  options: ImagesOptions,
): Promise<Images> {
  const { config } = record
  const { task } = contracts.of(config.pipeline)
  const split = options.split === undefined ? undefined : splitOf(options.split)
  const source = options.dataset === undefined ? config.dataset : readDatasetSection(options.dataset, config)
  const hasTest = 'test' in source && source.test !== undefined
  const chosen = split ?? (hasTest ? 'test' : 'validation')
  const name = options.dataset ?? `the dataset of ${record.run}`
  if (chosen === 'test' && !hasTest)
    throw new TrellisError('invalid-config', `${name} names no test images`, {
      fix: 'name them as `test` of its `dataset`, in a file that --dataset names, or evaluate with --split validation',
    })
  const { classes } = trainedOn
  const dataset =
    options.dataset === undefined
      ? await datasetOfRun(store, record, trainedOn)
      : await openWithProgress(config.pipeline, source, { split: chosen, classes })
  const refs = dataset[chosen]
  const found = { dataset, source: task.nameOf(source), split: chosen, refs }
  if (refs.length > 0 && options.dataset === undefined) return { ...found, warnings: [] }
  if (refs.length > 0) {
    checkClasses(dataset.classes, classes, name)
    const { counts } = await dataset.measure()
    const ofClasses = counts ? splitWarnings(chosen, classes, counts) : []
    return {
      ...found,
      warnings: [...dataset.warnings, ...otherValues(source, config.dataset, name), ...ofClasses],
    }
  }
  throw new TrellisError('invalid-dataset', `${name} has no ${chosen} images`, {
    fix: 'add some, or give --split another',
  })
}

function splitOf(text: string): Split {
  const split = SPLITS.find((each) => each === text)
  if (split !== undefined) return split
  throw new TrellisError('invalid-config', `there is no split ${text}`, {
    fix: `give --split one of ${SPLITS.join(', ')}`,
  })
}

/** As it was when the run looked at it. */
export const datasetOfRun = async (
  store: ObjectStore,
  { run, config }: RunRecord,
  { fingerprint }: DatasetFacts,
) =>
  openSurveyed(
    contracts.of(config.pipeline).task,
    config.dataset,
    openStore,
    fingerprint,
    await getFiles(store, run, fingerprint),
  )

function checkClasses(given: readonly string[], known: readonly string[], file: string): void {
  const longer = given.length > known.length ? given : known
  const at = longer.findIndex((_, i) => given[i] !== known[i])
  if (at === -1) return
  const name = (classes: readonly string[]) => classes[at] ?? 'none'
  throw new TrellisError(
    'invalid-dataset',
    `${file} has other classes than the networks: class ${at} is ${name(given)} there, ${name(known)} here`,
    { fix: `give it the ${known.length} classes of the run, in their order: ${known.join(', ')}` },
  )
}
