import type { Box } from '../../boxes/boxes.ts'

/** An object that an image shows. */
export interface Truth {
  readonly image: number
  readonly label: number
  readonly box: Box
  /** In pixels: of the object, not of its box, where a dataset tells that. */
  readonly area: number
  /** COCO: many objects in one box. What is detected there counts neither for nor against a detector. */
  readonly crowd: boolean
  /** Pascal VOC: neither must it be found, nor is it wrong to find it. */
  readonly difficult: boolean
}

export interface Detection {
  readonly image: number
  readonly label: number
  readonly box: Box
  readonly score: number
}

/**
 * COCO's notation. Its metric multiplies width and height: the area between edges has other last bits, and an IoU of exactly 0.5
 * could become one below.
 */
export interface Bbox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface CocoTruth extends Omit<Truth, 'box' | 'difficult'> {
  readonly bbox: Bbox
}

export interface CocoDetection extends Omit<Detection, 'box'> {
  readonly bbox: Bbox
}

const bboxOf = ([left, top, right, bottom]: Box): Bbox => ({
  left,
  top,
  width: right - left,
  height: bottom - top,
})

export const cocoTruth = ({ image, label, box, area, crowd }: Truth): CocoTruth => ({
  image,
  label,
  bbox: bboxOf(box),
  area,
  crowd,
})

export const cocoDetection = ({ image, label, box, score }: Detection): CocoDetection => ({
  image,
  label,
  bbox: bboxOf(box),
  score,
})
