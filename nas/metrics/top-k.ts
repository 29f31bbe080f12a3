/** Images counted by whether their class was among the k most likely. */
export interface TopK {
  readonly images: number
  /** Images whose class has the greatest logit. */
  readonly top1: number
  /** Images whose class is among the five greatest. */
  readonly top5: number
}

export const NO_IMAGES: TopK = { images: 0, top1: 0, top5: 0 }

/**
 * Adds a batch. Of equal logits the lower index ranks first, as in argmax; a label whose logit is NaN ranks last.
 * @param logits [N,classes], row-major @param labels N class indices; further rows of logits are padding and do not count
 */
export function countTopK(
  counts: TopK,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): TopK {
  if (logits.length < labels.length * classes) {
    throw new RangeError(`${logits.length} logits for ${labels.length} labels of ${classes} classes`)
  }
  let { images, top1, top5 } = counts
  for (let n = 0; n < labels.length; n++) {
    const rank = rankOf(logits, n * classes, classes, labels[n]!)
    images++
    if (rank < 1) top1++
    if (rank < 5) top5++
  }
  return { images, top1, top5 }
}

/** The number of classes that rank before the label. */
function rankOf(logits: ArrayLike<number>, start: number, classes: number, label: number): number {
  if (!(label >= 0 && label < classes)) throw new RangeError(`label ${label} must be below ${classes}`)
  const own = logits[start + label]!
  if (Number.isNaN(own)) return Number.POSITIVE_INFINITY
  let rank = 0
  for (let other = 0; other < classes; other++) {
    const logit = logits[start + other]!
    if (logit > own || (logit === own && other < label)) rank++
  }
  return rank
}
