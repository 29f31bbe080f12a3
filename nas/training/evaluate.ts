import type { Program, State } from '../engines/engine.ts'
import {
  addConfusion,
  type Confusion,
  confusion,
  countPixels,
  type Segmentation,
  segmentationMetrics,
} from '../metrics/mean-iou.ts'
import type { Tensor, Tensors } from '../tensor.ts'
import { allFinite } from './finite.ts'

export interface EvaluationBatch {
  readonly inputs: Tensors
  /** Class indices [N,H,W]. A batch that is not full is padded with ignored labels. */
  readonly labels: Tensor
}

export interface Evaluation {
  /** Gives class indices `predictions`, int32 [N,H,W], beside `logits` or their `mean`, which must be finite. */
  readonly program: Program
  readonly state: State
  readonly batches: AsyncIterable<EvaluationBatch>
  /** Number of classes. */
  readonly classes: number
  readonly ignoreLabel: number
  /** Called with what was counted of each batch. */
  readonly onBatch?: (counts: Confusion) => void
}

/**
 * Segments all batches and compares with their labels: pixels are summed over all images before any division.
 * Undefined for a network whose outputs are not finite: the classes of these mean nothing.
 */
export async function evaluate(evaluation: Evaluation): Promise<Segmentation | undefined> {
  const { program, state, batches, classes, ignoreLabel, onBatch = () => {} } = evaluation
  const counts = confusion(classes)
  for await (const { inputs, labels } of batches) {
    const { predictions, logits, mean = logits! } = await program.run(state, inputs)
    if (!allFinite(mean)) return undefined
    const batch = confusion(classes)
    countPixels(batch, predictions!.data, labels.data, ignoreLabel)
    addConfusion(counts, batch)
    onBatch(batch)
  }
  return segmentationMetrics(counts)
}
