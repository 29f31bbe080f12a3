import type { Random } from '../random.ts'
import type { Pixels } from './dataset.ts'
import type { Extent } from './resample/axis.ts'

export interface CropOptions {
  /** [smallest, largest] fraction of the image's area, drawn uniformly. */
  readonly area: readonly [low: number, high: number]
  /** [smallest, largest] aspect ratio, width over height, drawn uniformly in its logarithm. */
  readonly ratio: readonly [low: number, high: number]
}

const ATTEMPTS = 10

/**
 * The rectangle of a random resized crop, [rows, columns]. Where ten draws all exceed the image, it is the largest centre crop
 * within the range of aspect ratios.
 */
export function randomCrop(
  { height, width }: Pick<Pixels, 'height' | 'width'>,
  { area, ratio }: CropOptions,
  rng: Random,
): readonly [rows: Extent, columns: Extent] {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pixels = height * width * (area[0] + (area[1] - area[0]) * rng.uniform())
    const shape = ratio[0] * (ratio[1] / ratio[0]) ** rng.uniform()
    const rows = Math.max(1, Math.round(Math.sqrt(pixels / shape)))
    const columns = Math.max(1, Math.round(Math.sqrt(pixels * shape)))
    if (rows > height || columns > width) continue
    return [extent(rng.integer(height - rows + 1), rows), extent(rng.integer(width - columns + 1), columns)]
  }
  const rows = Math.max(1, Math.min(height, Math.round(width / ratio[0])))
  const columns = Math.max(1, Math.min(width, Math.round(height * ratio[1])))
  return [extent(Math.floor((height - rows) / 2), rows), extent(Math.floor((width - columns) / 2), columns)]
}

const extent = (from: number, length: number): Extent => ({ from, to: from + length })
