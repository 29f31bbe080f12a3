import { readFileSync } from 'node:fs'
import type { Bbox, CocoDetection, CocoTruth } from '../../../../nas/metrics/detection/boxes.ts'

/** Truths and detections with the scores that pycocotools gives them. */
export interface Fixture {
  readonly source: string
  readonly images: readonly number[]
  readonly categories: readonly number[]
  /** id, image, category, left, top, width, height, area, crowd */
  readonly truths: readonly (readonly number[])[]
  /** image, category, left, top, width, height, score */
  readonly detections: readonly (readonly number[])[]
  readonly stats: readonly number[]
  /** id, AP, AP at IoU 0.50 */
  readonly classes: readonly (readonly number[])[]
}

export const FIXTURES = ['torchmetrics', 'random-1', 'random-2', 'random-3'] as const

export const readFixture = (name: (typeof FIXTURES)[number]): Fixture =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))

export const bboxOf = ([left, top, width, height]: readonly number[]): Bbox => ({
  left: left!,
  top: top!,
  width: width!,
  height: height!,
})

export const truthsOf = ({ truths }: Pick<Fixture, 'truths'>): readonly CocoTruth[] =>
  truths.map((row) => ({
    image: row[1]!,
    label: row[2]!,
    bbox: bboxOf(row.slice(3, 7)),
    area: row[7]!,
    crowd: row[8] === 1,
  }))

export const detectionsOf = ({ detections }: Pick<Fixture, 'detections'>): readonly CocoDetection[] =>
  detections.map((row) => ({
    image: row[0]!,
    label: row[1]!,
    bbox: bboxOf(row.slice(2, 6)),
    score: row[6]!,
  }))
