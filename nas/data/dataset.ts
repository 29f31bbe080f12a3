import type { ClassCounts } from './class-counts.ts'

/** The label of ignored pixels in decoded samples, whatever value the files have. */
export const IGNORE = 255

/** `test` images take no part in a search: they score what it has found, once. */
export type Split = 'train' | 'validation' | 'test'

/** Called after each image. */
export type OnProgress = (done: number, total: number) => void

export interface SampleRef {
  readonly split: Split
  /** Unique within the split. */
  readonly name: string
}

/** Pixels, row-major: 3 bytes each for an image (RGB), 1 for labels. */
export interface Pixels {
  readonly height: number
  readonly width: number
  readonly data: Uint8Array
}

/** How much there is to decode. */
export interface Extent {
  /** Pixels that hold every image which is judged whole. */
  readonly height: number
  readonly width: number
  /** Pixels of all images. */
  readonly pixels: number
}

/** What is counted and measured in a dataset. */
export interface Measures {
  /** How often each class occurs; undefined where every image would have to be drawn. */
  readonly counts?: ClassCounts | undefined
  /** Undefined for images that are cropped wherever they are used. */
  readonly extent?: Extent
}

/** A decoded image with a label for every pixel, both row-major. */
export interface Sample {
  readonly name: string
  readonly height: number
  readonly width: number
  /** RGB, height x width x 3, 0..255. */
  readonly image: Uint8Array
  /** height x width: an index into the dataset's classes, or `IGNORE`. */
  readonly labels: Uint8Array
}

export interface SegmentationDataset {
  /** Names; the index is the label. */
  readonly classes: readonly string[]
  readonly ignoreLabel: typeof IGNORE
  /** Sorted by name. */
  readonly train: readonly SampleRef[]
  /** Sorted by name. */
  readonly validation: readonly SampleRef[]
  /** Sorted by name; empty where none are kept aside. */
  readonly test: readonly SampleRef[]
  /** Hash of names, file contents and the meaning of labels, but not of the location. */
  readonly fingerprint: string
  /** What whoever trains on it should know, a sentence each. */
  readonly warnings: readonly string[]
  load(ref: SampleRef): Promise<Sample>
  /** Reads masks where checking them has not, and no image. */
  measure(onProgress?: OnProgress): Promise<Measures>
}

export interface LabelledRef extends SampleRef {
  /** An index into the dataset's classes. */
  readonly label: number
}

/** A decoded image with one label. */
export interface LabelledImage {
  readonly name: string
  readonly height: number
  readonly width: number
  /** RGB, height x width x 3, 0..255. */
  readonly image: Uint8Array
  /** An index into the dataset's classes. */
  readonly label: number
}

export interface ClassificationDataset {
  /** Names; the index is the label. */
  readonly classes: readonly string[]
  /** Sorted by name. */
  readonly train: readonly LabelledRef[]
  /** Sorted by name. */
  readonly validation: readonly LabelledRef[]
  /** Sorted by name; empty where none are kept aside. */
  readonly test: readonly LabelledRef[]
  /** Hash of names, file contents and classes, but not of the location. */
  readonly fingerprint: string
  /** What whoever trains on it should know, a sentence each. */
  readonly warnings: readonly string[]
  load(ref: LabelledRef): Promise<LabelledImage>
  measure(): Promise<Measures>
}
