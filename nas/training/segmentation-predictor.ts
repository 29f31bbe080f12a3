import { evaluationInput } from '../data/augment.ts'
import { IGNORE, type SampleRef, type SegmentationDataset } from '../data/dataset.ts'
import { paddedSize, type Size } from '../data/evaluation-size.ts'
import { running } from '../engines/running.ts'
import type { Graph } from '../graph/graph.ts'
import { ofSums } from '../metrics/bootstrap.ts'
import { iouCounts, meanIouOf } from '../metrics/mean-iou.ts'
import { float32, int32, type Tensors } from '../tensor.ts'
import { type EvaluationBatch, evaluate } from './evaluate.ts'
import { allFinite, notFiniteError } from './finite.ts'
import type { Predictor } from './predictor.ts'

/** A trained network, compiled for the size of what it sees. */
interface SegmentationNetwork {
  /** From one image [1,3,H,W] of a size to `logits` and `predictions`. */
  readonly graphAt: (size: Size) => Graph
  readonly weights: Tensors
  readonly classes: number
  /** At which its validation images were scored: see `paddedSize`. */
  readonly size: Size
}

export const segmentationPredictor = (network: SegmentationNetwork): Predictor => ({
  kind: 'mask',
  async score(engine, dataset: Pick<SegmentationDataset, 'load'>, refs) {
    const rows: Float64Array[] = []
    for (const { size, at } of await bySize(network.size, dataset, refs)) {
      const places = at.values()
      const images = at.map((i) => refs[i]!)
      const scored = await running(engine, network.graphAt(size), network.weights, (run) =>
        evaluate({
          ...run,
          batches: wholeImages(dataset, images, size),
          classes: network.classes,
          ignoreLabel: IGNORE,
          onBatch: (counts) => {
            rows[places.next().value!] = iouCounts(counts)
          },
        }),
      )
      if (scored === undefined) return undefined
    }
    // A resample of images without any label would have no score.
    const labelled = rows.filter((row) => row.some((count) => count > 0))
    return ofSums(labelled, (sums) => meanIouOf(sums)!)
  },
  async predict(engine, { height, width, data }) {
    const size = paddedSize(network.size, { height, width })
    const sample = { name: '', height, width, image: data, labels: new Uint8Array(height * width) }
    const image = float32([1, 3, ...size], evaluationInput(sample, size).image)
    const { predictions, logits } = await running(
      engine,
      network.graphAt(size),
      network.weights,
      ({ program, state }) => program.run(state, { image }),
    )
    if (!allFinite(logits!)) throw notFiniteError()
    const labels = new Uint8Array(height * width)
    for (let y = 0; y < height; y++)
      labels.set(predictions!.data.subarray(y * size[1], y * size[1] + width), y * width)
    return { kind: 'mask', height, width, labels }
  },
})

/** Images by the size at which they are judged, each by its place: a network is compiled once for a size. */
async function bySize(
  validation: Size,
  { load }: Pick<SegmentationDataset, 'load'>,
  refs: readonly SampleRef[],
): Promise<readonly { readonly size: Size; readonly at: readonly number[] }[]> {
  const found = new Map<string, { size: Size; at: number[] }>()
  for (const [i, ref] of refs.entries()) {
    const size = paddedSize(validation, await load(ref))
    const known = found.get(size.join('x'))
    if (known === undefined) found.set(size.join('x'), { size, at: [i] })
    else known.at.push(i)
  }
  return [...found.values()]
}

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
