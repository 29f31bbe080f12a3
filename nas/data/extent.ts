import type { Extent, Split } from './dataset.ts'

/** An image by its size. */
export interface Sized {
  readonly split: Split
  readonly height: number
  readonly width: number
}

export function extentOf(images: readonly Sized[]): Extent {
  const extent = { height: 0, width: 0, pixels: 0 }
  for (const { split, height, width } of images) {
    extent.pixels += height * width
    if (split === 'train') continue
    extent.height = Math.max(extent.height, height)
    extent.width = Math.max(extent.width, width)
  }
  return extent
}
