/** Where the rows or the columns of a resampled image lie in its source. */
export interface Axis {
  /** The source pixels that may be read. */
  readonly extent: Extent
  /** Source pixels from one output to the next. */
  readonly step: number
  /** The source position of each output's centre; source pixel i covers i to i + 1. An output beyond the extent is padding. */
  readonly centres: Float64Array
}

/** Source pixels `from`, …, `to - 1`. */
export interface Extent {
  readonly from: number
  readonly to: number
}

/** Output i has its centre at source position `start + (i + 1/2) step`. */
export const axis = (extent: Extent, start: number, step: number, size: number): Axis => ({
  extent,
  step,
  centres: new Float64Array(size).map((_, i) => start + (i + 0.5) * step),
})

/**
 * `size` pixels, from pixel `offset` on, of a source that is scaled to `scaled` pixels. `axis` from `offset * step` on is the
 * same but for rounding.
 */
export function scaledAxis(source: number, scaled: number, offset: number, size: number): Axis {
  const step = source / scaled
  const centres = new Float64Array(size).map((_, i) => (i + offset + 0.5) * step)
  return { extent: { from: 0, to: source }, step, centres }
}

/** The outputs in reverse order. */
export const mirrored = (axis: Axis): Axis => ({ ...axis, centres: axis.centres.toReversed() })

export const isInside = (centre: number, { from, to }: Extent): boolean => centre >= from && centre < to
