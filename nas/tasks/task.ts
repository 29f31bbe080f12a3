import type { z } from 'zod'
import type { Measures, OnProgress, SampleRef } from '../data/dataset.ts'
import type { OpenOptions } from '../data/files.ts'
import type { ObjectReader } from '../store/store.ts'
import type { Succeeded } from './result.ts'

/** Where the images of a run come from, in the words of its task; one that has no `path` is generated. */
export interface DatasetSource {
  readonly kind: string
  readonly path?: string
}

/** What the datasets of all tasks have. */
export interface Dataset {
  /** Names; the index is the label. */
  readonly classes: readonly string[]
  readonly train: readonly SampleRef[]
  readonly validation: readonly SampleRef[]
  /** Empty where none are kept aside. */
  readonly test: readonly SampleRef[]
  /** Hash of all that training depends on, but not of where the files are. */
  readonly fingerprint: string
  /** What whoever trains on it should know, a sentence each; not all where the files were not checked. */
  readonly warnings: readonly string[]
  /** A decoded image, with its labels where it has one for every pixel. */
  load(ref: SampleRef): Promise<{ readonly image: Uint8Array; readonly labels?: Uint8Array }>
  /** Reads masks or boxes where checking them has not, and no image whose size they tell. */
  measure(onProgress?: OnProgress): Promise<Measures>
}

/** What a network is trained to do: which datasets there are for that, and how it is scored. Knows no pipeline. */
export interface Task<
  Source extends DatasetSource = DatasetSource,
  Opened extends Dataset = Dataset,
  Success extends Succeeded = Succeeded,
> {
  readonly name: string
  /** The name of its score, e.g. `mIoU`. */
  readonly score: string
  readonly result: z.ZodType<Success>
  /** @throws TrellisError `invalid-dataset` with the first file found wrong */
  open(source: Source, open: (path: string) => ObjectReader, options?: OpenOptions): Promise<Opened>
  /** What the keys of all its files begin with, below `path`: nothing else there is looked at. */
  prefixesOf(source: Source): readonly string[]
  /** A dataset in the words of a report. */
  nameOf(source: Source): string
}
