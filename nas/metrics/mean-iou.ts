/** A confusion matrix over any number of images. */
export interface Confusion {
  readonly classes: number
  /** classes x classes: `counts[label * classes + prediction]`, in pixels. */
  readonly counts: Float64Array
}

export const confusion = (classes: number): Confusion => ({
  classes,
  counts: new Float64Array(classes * classes),
})

/**
 * Adds the pixels of an image or a batch, without those labelled `ignore`.
 * @param predictions class indices @param labels class indices or `ignore`, as many
 */
export function countPixels(
  { classes, counts }: Confusion,
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  ignore: number,
): void {
  if (predictions.length !== labels.length) {
    throw new RangeError(`${predictions.length} predictions for ${labels.length} labels`)
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!
    if (label === ignore) continue
    const prediction = predictions[i]!
    if (!(label >= 0 && label < classes && prediction >= 0 && prediction < classes)) {
      throw new RangeError(`label ${label} and prediction ${prediction} must be below ${classes}`)
    }
    counts[label * classes + prediction]! += 1
  }
}

/** Adds the counts of another matrix over the same classes. */
export function addConfusion({ counts }: Confusion, other: Confusion): void {
  for (let i = 0; i < counts.length; i++) counts[i]! += other.counts[i]!
}

export interface Segmentation {
  /** Intersection over union of each class; undefined for a class without labels and predictions. */
  readonly iou: readonly (number | undefined)[]
  /** Mean of the defined entries of `iou`; undefined if there are none. */
  readonly meanIou: number | undefined
  /** Mean recall of the classes that have labels. */
  readonly meanAccuracy: number | undefined
  /** The fraction of pixels whose prediction is right. */
  readonly pixelAccuracy: number | undefined
  /** The class that is predicted everywhere; undefined if there are several. */
  readonly onlyClass: number | undefined
}

/** The metrics of PASCAL VOC and Cityscapes: pixels are summed over all images before any division. */
export function segmentationMetrics({ classes, counts }: Confusion): Segmentation {
  const { hits, labelled, predicted } = marginsOf({ classes, counts })
  const iou = iouOf({ hits, labelled, predicted })
  const accuracy = Array.from(hits, (hit, label) => ratio(hit, labelled[label]!))
  return {
    iou,
    meanIou: mean(iou),
    meanAccuracy: mean(accuracy),
    pixelAccuracy: ratio(sum(hits), sum(labelled)),
    onlyClass: onlyOne([...predicted.keys()].filter((prediction) => predicted[prediction]! > 0)),
  }
}

interface Margins {
  /** Pixels of each class whose prediction is right, that have its label, and for which it is predicted. */
  readonly hits: Float64Array
  readonly labelled: Float64Array
  readonly predicted: Float64Array
}

function marginsOf({ classes, counts }: Confusion): Margins {
  const labelled = new Float64Array(classes)
  const predicted = new Float64Array(classes)
  for (let label = 0; label < classes; label++) {
    for (let prediction = 0; prediction < classes; prediction++) {
      const count = counts[label * classes + prediction]!
      labelled[label]! += count
      predicted[prediction]! += count
    }
  }
  const hits = Float64Array.from(labelled, (_, label) => counts[label * classes + label]!)
  return { hits, labelled, predicted }
}

const iouOf = ({ hits, labelled, predicted }: Margins) =>
  Array.from(hits, (hit, label) => ratio(hit, labelled[label]! + predicted[label]! - hit))

/** All of a confusion matrix that mean IoU needs, as one row: hits, labels and predictions of each class. */
export function iouCounts(confusion: Confusion): Float64Array {
  const { hits, labelled, predicted } = marginsOf(confusion)
  return Float64Array.of(...hits, ...labelled, ...predicted)
}

/** Mean IoU of a sum of such rows; undefined where no pixel has a label. */
export function meanIouOf(counts: Float64Array): number | undefined {
  const classes = counts.length / 3
  const part = (n: number) => counts.subarray(n * classes, (n + 1) * classes)
  return mean(iouOf({ hits: part(0), labelled: part(1), predicted: part(2) }))
}

const ratio = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole)

const onlyOne = (classes: readonly number[]): number | undefined =>
  classes.length === 1 ? classes[0] : undefined

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0)

function mean(values: readonly (number | undefined)[]): number | undefined {
  const defined = values.filter((value) => value !== undefined)
  return ratio(sum(defined), defined.length)
}
