import type { LabelledImages } from '../data/labelled-batches.ts'
import type { Program, State } from '../engines/engine.ts'
import { countTopK, NO_IMAGES, type TopK } from '../metrics/top-k.ts'
import type { Tensor } from '../tensor.ts'
import { allFinite } from './finite.ts'

export interface ClassificationEvaluation {
  /** Gives `logits` [batch,classes]. */
  readonly program: Program
  readonly state: State
  readonly batches: AsyncIterable<LabelledImages>
  readonly classes: number
  /** Called with what was counted of each image. */
  readonly onImage?: (counts: TopK) => void
}

export interface Classification extends TopK {
  /** The class that is predicted everywhere; undefined if there are several. */
  readonly onlyClass: number | undefined
  /** Images by class, in rows, and by prediction. */
  readonly confusion: readonly (readonly number[])[]
}

/**
 * Classifies all images and counts those whose class was found. Undefined for a network whose outputs are not finite: the classes
 * of these mean nothing.
 */
export async function evaluateClassification(
  evaluation: ClassificationEvaluation,
): Promise<Classification | undefined> {
  const { program, state, batches, classes, onImage = () => {} } = evaluation
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  let counts = NO_IMAGES
  for await (const { image, labels } of batches) {
    const { logits } = await program.run(state, { image })
    if (!allFinite(logits!)) return undefined
    counts = countTopK(counts, logits!.data, labels, classes)
    for (const [n, label] of labels.entries()) {
      const ofImage = logits!.data.subarray(n * classes, (n + 1) * classes)
      confusion[label]![argmax(ofImage)]! += 1
      onImage(countTopK(NO_IMAGES, ofImage, [label], classes))
    }
  }
  const [only, ...others] = Array.from({ length: classes }, (_, prediction) => prediction).filter(
    (prediction) => confusion.some((row) => row[prediction]! > 0),
  )
  return { ...counts, onlyClass: others.length === 0 ? only : undefined, confusion }
}

/** The first of equal ones. */
const argmax = (values: Tensor['data']): number => values.indexOf(Math.max(...values))
