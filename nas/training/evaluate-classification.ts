import type { ValidationImages } from '../data/labelled-batches.ts'
import type { Program, State } from '../engines/engine.ts'
import { countTopK, NO_IMAGES, type TopK } from '../metrics/top-k.ts'
import type { Tensor } from '../tensor.ts'
import { allFinite } from './finite.ts'

export interface ClassificationEvaluation {
  /** Gives `logits` [batch,classes]. */
  readonly program: Program
  readonly state: State
  readonly batches: AsyncIterable<ValidationImages>
  readonly classes: number
}

export interface Classification extends TopK {
  /** The class that is predicted everywhere; undefined if there are several. */
  readonly onlyClass: number | undefined
}

/**
 * Classifies all images and counts those whose class was found. Undefined for a network whose outputs are not finite: the classes
 * of these mean nothing.
 */
export async function evaluateClassification(
  evaluation: ClassificationEvaluation,
): Promise<Classification | undefined> {
  const { program, state, batches, classes } = evaluation
  const predicted = new Set<number>()
  let counts = NO_IMAGES
  for await (const { image, labels } of batches) {
    const { logits } = await program.run(state, { image })
    if (!allFinite(logits!)) return undefined
    counts = countTopK(counts, logits!.data, labels, classes)
    for (const n of labels.keys())
      predicted.add(argmax(logits!.data.subarray(n * classes, (n + 1) * classes)))
  }
  const [only] = predicted
  return { ...counts, onlyClass: predicted.size === 1 ? only : undefined }
}

/** The first of equal ones. */
const argmax = (values: Tensor['data']): number => values.indexOf(Math.max(...values))
