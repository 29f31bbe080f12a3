import type { ClassificationDataset, LabelledRef } from '../data/dataset.ts'
import { centreCrop } from '../data/image-augmentation.ts'
import { labelledImages } from '../data/labelled-batches.ts'
import type { Engine } from '../engines/engine.ts'
import { running } from '../engines/running.ts'
import { freeze } from '../graph/freeze.ts'
import type { Graph } from '../graph/graph.ts'
import { ofSums } from '../metrics/bootstrap.ts'
import { float32, type Tensors } from '../tensor.ts'
import { type Classification, evaluateClassification } from './evaluate-classification.ts'
import { allFinite, notFiniteError } from './finite.ts'
import type { Predictor } from './predictor.ts'

/** A trained network. */
export interface ClassificationNetwork {
  /** From so many images [N,3,size,size] to `logits` and `probabilities`. */
  readonly graphFor: (images: number) => Graph
  readonly weights: Tensors
  /** Side of its input, pixels. */
  readonly size: number
  readonly classes: number
}

const AT_ONCE = 100

/** Classifies images and counts those whose class was found; see `evaluateClassification`. */
export const classifyImages = (
  engine: Engine,
  { graphFor, weights, size, classes }: ClassificationNetwork,
  dataset: Pick<ClassificationDataset, 'load'>,
  refs: readonly LabelledRef[],
  onImage?: Parameters<typeof evaluateClassification>[0]['onImage'],
): Promise<Classification | undefined> =>
  running(engine, freeze(graphFor(AT_ONCE), weights), {}, (run) =>
    evaluateClassification({
      ...run,
      batches: labelledImages(dataset, refs, size, AT_ONCE),
      classes,
      ...(onImage && { onImage }),
    }),
  )

export const classificationPredictor = (network: ClassificationNetwork): Predictor => ({
  kind: 'class',
  async score(engine, dataset: Pick<ClassificationDataset, 'load'>, refs: readonly LabelledRef[]) {
    const rows: Float64Array[] = []
    const counts = await classifyImages(engine, network, dataset, refs, ({ top1 }) =>
      rows.push(Float64Array.of(top1, 1)),
    )
    return counts && ofSums(rows, ([hits, images]) => hits! / images!)
  },
  async predict(engine, pixels) {
    const { graphFor, weights, size } = network
    const image = float32([1, 3, size, size], centreCrop(pixels, size))
    const { logits, probabilities } = await running(engine, graphFor(1), weights, ({ program, state }) =>
      program.run(state, { image }),
    )
    if (!allFinite(logits!)) throw notFiniteError()
    return { kind: 'class', probabilities: probabilities!.data as Float32Array }
  },
})
