import type { Box } from '../../boxes/boxes.ts'
import type { Measures, OnProgress, SampleRef } from '../dataset.ts'

/** One thing in an image. */
export interface LabelledBox {
  readonly box: Box
  /** An index into the dataset's classes. */
  readonly label: number
  /** Square pixels, by which AP tells small things from large ones: of the thing where that is known, or of the box. */
  readonly area: number
  /** Many things in one box (COCO's `iscrowd`): nothing is to be found there, and nothing found there is wrong. */
  readonly crowd: boolean
  /** Hard to tell (VOC): likewise. */
  readonly difficult: boolean
}

/** A decoded image and what is to be found in it. */
export interface DetectionSample {
  readonly name: string
  readonly height: number
  readonly width: number
  /** RGB, height x width x 3, 0..255. */
  readonly image: Uint8Array
  /** None where there is background alone. */
  readonly boxes: readonly LabelledBox[]
}

export interface DetectionDataset {
  /** Names; the index is the label. Background is none of them. */
  readonly classes: readonly string[]
  /** Sorted by name. */
  readonly train: readonly SampleRef[]
  /** Sorted by name. */
  readonly validation: readonly SampleRef[]
  /** Sorted by name; empty where none are kept aside. */
  readonly test: readonly SampleRef[]
  /** Hash of names, image files, classes and boxes, but not of the location. */
  readonly fingerprint: string
  /** What whoever trains on it should know, a sentence each. */
  readonly warnings: readonly string[]
  load(ref: SampleRef): Promise<DetectionSample>
  /** The boxes of `load`, without decoding the image where it is a file. */
  boxesOf(ref: SampleRef): Promise<readonly LabelledBox[]>
  /** Counts boxes; images are resized wherever they are used. */
  measure(onProgress?: OnProgress): Promise<Measures>
}
