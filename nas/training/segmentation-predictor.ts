import { evaluationInput } from '../data/augment.ts'
import { IGNORE, type SampleRef, type SegmentationDataset } from '../data/dataset.ts'
import { evaluationSize, sizeThatHolds } from '../data/evaluation-size.ts'
import { running } from '../engines/running.ts'
import type { Graph } from '../graph/graph.ts'
import { ofSums } from '../metrics/bootstrap.ts'
import { iouCounts, meanIouOf } from '../metrics/mean-iou.ts'
import { float32, int32, type Tensors } from '../tensor.ts'
import { type EvaluationBatch, evaluate } from './evaluate.ts'
import { allFinite, notFiniteError } from './finite.ts'
import type { Predictor } from './predictor.ts'

type Size = readonly [height: number, width: number]

/** A trained network, compiled for the size of what it sees. */
interface SegmentationNetwork {
  /** From one image [1,3,H,W] of a size to `logits` and `predictions`. */
  readonly graphAt: (size: Size) => Graph
  readonly weights: Tensors
  readonly classes: number
}

export const segmentationPredictor = ({ graphAt, weights, classes }: SegmentationNetwork): Predictor => ({
  kind: 'mask',
  async score(engine, dataset: Pick<SegmentationDataset, 'load'>, refs) {
    const size = await evaluationSize(dataset, refs)
    const rows: Float64Array[] = []
    const scored = await running(engine, graphAt(size), weights, (run) =>
      evaluate({
        ...run,
        batches: wholeImages(dataset, refs, size),
        classes,
        ignoreLabel: IGNORE,
        onBatch: (counts) => rows.push(iouCounts(counts)),
      }),
    )
    // A resample of images without any label would have no score.
    const labelled = rows.filter((row) => row.some((count) => count > 0))
    return scored && ofSums(labelled, (sums) => meanIouOf(sums)!)
  },
  async predict(engine, { height, width, data }) {
    const size = sizeThatHolds(height, width)
    const sample = { name: '', height, width, image: data, labels: new Uint8Array(height * width) }
    const image = float32([1, 3, ...size], evaluationInput(sample, size).image)
    const { predictions, logits } = await running(engine, graphAt(size), weights, ({ program, state }) =>
      program.run(state, { image }),
    )
    if (!allFinite(logits!)) throw notFiniteError()
    const labels = new Uint8Array(height * width)
    for (let y = 0; y < height; y++)
      labels.set(predictions!.data.subarray(y * size[1], y * size[1] + width), y * width)
    return { kind: 'mask', height, width, labels }
  },
})

/** Whole images in the upper left corner of a size, one a batch. */
export async function* wholeImages(
  dataset: Pick<SegmentationDataset, 'load'>,
  refs: readonly SampleRef[],
  size: Size,
): AsyncGenerator<EvaluationBatch> {
  for (const ref of refs) {
    const { image, labels } = evaluationInput(await dataset.load(ref), size)
    yield { inputs: { image: float32([1, 3, ...size], image) }, labels: int32([1, ...size], labels) }
  }
}
