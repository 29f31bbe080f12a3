import type { ValidationImages } from '../data/labelled-batches.ts'
import type { Program, State } from '../engines/engine.ts'
import { countTopK, NO_IMAGES, type TopK } from '../metrics/top-k.ts'

export interface ClassificationEvaluation {
  /** Gives `logits` [batch,classes]. */
  readonly program: Program
  readonly state: State
  readonly batches: AsyncIterable<ValidationImages>
  readonly classes: number
}

/** Classifies all images and counts those whose class was found. */
export async function evaluateClassification(evaluation: ClassificationEvaluation): Promise<TopK> {
  const { program, state, batches, classes } = evaluation
  let counts = NO_IMAGES
  for await (const { image, labels } of batches) {
    const { logits } = await program.run(state, { image })
    counts = countTopK(counts, logits!.data, labels, classes)
  }
  return counts
}
