import { SIZE_STEP } from '../data/augment.ts'
import type { DatasetConfig } from '../data/config.ts'
import { IGNORE } from '../data/dataset.ts'
import { boxColours } from '../data/detection/draw.ts'
import { resizedSide } from '../data/image-augmentation.ts'
import { type Colour, paletteFor } from '../data/palette.ts'
import { IMAGENET } from '../image-statistics.ts'

/*
 * What a program must know to run an exported model: its metadata, each entry as JSON, and `model.json` beside it (docs/model.md).
 * Equal trainings write equal bytes, so it has no time, and the run is added where a model is taken out of the store.
 */

type Size = readonly [height: number, width: number]

interface Card {
  readonly task: string
  readonly classes: readonly string[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly channels: 'RGB'
  readonly range: readonly [number, number]
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  readonly size: Size
}

export interface SegmentationCard extends Card {
  readonly task: 'segmentation'
  readonly colours: readonly Colour[]
  readonly ignore: number
  readonly multiple: number
  readonly resize: null
  readonly place: 'upper left'
  readonly pad: 0
}

export interface ClassificationCard extends Card {
  readonly task: 'classification'
  readonly resize: readonly [least: number, most: number]
  readonly place: 'centre'
}

export interface DetectionCard extends Card {
  readonly task: 'detection'
  readonly colours: readonly Colour[]
  readonly resize: 'fit'
  readonly place: 'upper left'
  readonly pad: 0
}

const imageOf = (classes: readonly string[], size: Size) => ({
  classes,
  channels: 'RGB' as const,
  range: [0, 1] as const,
  ...IMAGENET,
  size,
})

/** @param size that holds every validation image: see `evaluationSize` */
export const segmentationCard = (
  source: DatasetConfig,
  classes: readonly string[],
  size: Size,
): SegmentationCard => ({
  task: 'segmentation',
  inputs: ['image'],
  outputs: ['logits', 'predictions'],
  ...imageOf(classes, size),
  multiple: SIZE_STEP,
  resize: null,
  place: 'upper left',
  pad: 0,
  colours: paletteFor(classes),
  ignore: 'ignoreLabel' in source ? source.ignoreLabel : IGNORE,
})

/** @param side of the centre crop, pixels */
export const classificationCard = (classes: readonly string[], side: number): ClassificationCard => ({
  task: 'classification',
  inputs: ['image'],
  outputs: ['logits', 'probabilities', 'predictions'],
  ...imageOf(classes, [side, side]),
  resize: resizedSide(side),
  place: 'centre',
})

/** @param size of the input, which pictures are scaled to fit */
export const detectionCard = (classes: readonly string[], size: Size): DetectionCard => ({
  task: 'detection',
  inputs: ['image'],
  outputs: ['boxes', 'scores', 'labels'],
  ...imageOf(classes, size),
  resize: 'fit',
  place: 'upper left',
  pad: 0,
  colours: boxColours(classes.length),
})
