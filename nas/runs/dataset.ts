import { z } from 'zod'
import { type ClassCounts, classCountsSchema } from '../data/class-counts.ts'
import type { Extent } from '../data/dataset.ts'
import { type Inventory, inventorySchema } from '../data/inventory.ts'
import { getJson, getSound, jsonBytes } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import type { Dataset } from '../tasks/task.ts'
import { runKeys } from './keys.ts'

const count = z.int().positive()

/** What is known of a dataset that has been looked at. */
export const datasetFactsSchema = z
  .strictObject({
    fingerprint: z.string().min(1),
    classes: z.array(z.string()).min(1).readonly(),
    train: count.describe('images'),
    validation: count.describe('images'),
    test: count.optional().describe('images; absent where none are kept aside'),
  })
  .readonly()
export type DatasetFacts = z.infer<typeof datasetFactsSchema>

export const factsOf = ({ fingerprint, classes, train, validation, test }: Dataset): DatasetFacts => ({
  fingerprint,
  classes,
  train: train.length,
  validation: validation.length,
  ...(test.length > 0 && { test: test.length }),
})

/** What a survey found in a dataset, beside its files. */
export interface DatasetNotes {
  /** Undefined for one that is drawn, and for a run of an earlier version. */
  readonly counts?: ClassCounts | undefined
  /** Undefined for images that are cropped wherever they are used, and for a run of an earlier version. */
  readonly extent?: Extent | undefined
  /** What was said of its files, a sentence each. */
  readonly warnings: readonly string[]
}

/** Notes of which files a dataset was made when it was looked at, so that jobs read those and no others. */
export const putFiles = (
  store: ObjectStore,
  run: string,
  fingerprint: string,
  files: Inventory,
  { counts, extent, warnings }: DatasetNotes = { warnings: [] },
): Promise<void> =>
  store.put(
    runKeys(run).files(fingerprint),
    jsonBytes({ files, ...(counts && { counts }), ...(extent && { extent }), warnings }),
  )

/** What to do about a damaged list of files. */
export const LOOKED_AT_AGAIN = 'delete that object, then resume the run: its dataset is looked at again'

/** Older versions wrote the files alone. */
export const filesSchema = z.union([
  z.strictObject({
    files: inventorySchema,
    counts: classCountsSchema.optional(),
    extent: z.strictObject({ height: count, width: count, pixels: count }).readonly().optional(),
    warnings: z.array(z.string()).readonly().default([]),
  }),
  inventorySchema.transform((files) => ({ files, counts: undefined, extent: undefined, warnings: [] })),
])

/** Undefined for a run of an earlier version of Trellis, until its dataset is looked at again. */
export const getFiles = async (
  store: ObjectStore,
  run: string,
  fingerprint: string,
): Promise<Inventory | undefined> =>
  (await getJson(store, runKeys(run).files(fingerprint), filesSchema, LOOKED_AT_AGAIN))?.files

/** What was found in a dataset when it was looked at, as far as that was noted. */
export const getNotes = async (store: ObjectStore, run: string, fingerprint: string): Promise<DatasetNotes> =>
  (await getSound(store, runKeys(run).files(fingerprint), filesSchema)) ?? { warnings: [] }

/** What to do about damaged facts of a dataset that was surveyed after the start. */
export const SURVEY = 'delete that object, then re-rank the run: its dataset is surveyed again'

/** The dataset of a run as it was last looked at: when the run started, or for a later edition of its ranking. */
export const latestDataset = async (
  store: ObjectStore,
  { run, dataset }: { readonly run: string; readonly dataset: DatasetFacts },
): Promise<DatasetFacts> =>
  (await getJson(store, runKeys(run).dataset, datasetFactsSchema, SURVEY)) ?? dataset
