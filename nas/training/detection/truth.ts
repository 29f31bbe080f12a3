import type { Boxes } from '../../boxes/boxes.ts'
import { float32, type Tensor } from '../../tensor.ts'

/** What an image shows: boxes and their labels, from 0. */
export interface Truth {
  readonly boxes: Boxes
  readonly labels: readonly number[]
}

const COLUMNS = 6

/** The truths of a batch as a tensor [T,6] of rows image, label, left, top, right, bottom, which no program reads. */
export function packTruths(truths: readonly Truth[]): Tensor {
  const rows = truths.flatMap(({ boxes, labels }, image) =>
    labels.flatMap((label, i) => [image, label, ...boxes.subarray(4 * i, 4 * i + 4)]),
  )
  return float32([rows.length / COLUMNS, COLUMNS], rows)
}

/** @param batch number of images */
export function unpackTruths({ data }: Tensor, batch: number): readonly Truth[] {
  const rows = Array.from({ length: data.length / COLUMNS }, (_, i) =>
    data.subarray(COLUMNS * i, COLUMNS * (i + 1)),
  )
  return Array.from({ length: batch }, (_, image) => {
    const own = rows.filter(([of]) => of === image)
    return {
      boxes: Float32Array.from(own.flatMap((row) => [...row.subarray(2)])),
      labels: own.map((row) => row[1]!),
    }
  })
}
