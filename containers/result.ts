import { IGNORE } from '../nas/data/dataset.ts'
import type { Program, State } from '../nas/engines/engine.ts'
import { cost } from '../nas/graph/cost.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { type Failed, failed, type Result } from '../nas/runs/result.ts'
import { type Classified, MOST_CONFUSED_CLASSES } from '../nas/tasks/classification.ts'
import { onlyClassOf } from '../nas/tasks/result.ts'
import type { Segmented } from '../nas/tasks/segmentation.ts'
import { type EvaluationBatch, evaluate } from '../nas/training/evaluate.ts'
import type { Classification } from '../nas/training/evaluate-classification.ts'

/** A trained network over the validation images. */
export interface Trained extends Training {
  readonly program: Program
  readonly state: State
  readonly batches: AsyncIterable<EvaluationBatch>
  readonly classes: number
}

interface Training {
  /** The network for one image. */
  readonly single: Graph
  /** Of each step of training. */
  readonly losses: readonly number[]
}

/** Scores a trained network: mean IoU on all validation images, and what it weighs. */
export async function score({
  program,
  state,
  batches,
  classes,
  ...training
}: Trained): Promise<Result<Segmented>> {
  const scored = await evaluate({ program, state, batches, classes, ignoreLabel: IGNORE })
  if (scored === undefined) return diverged(training)
  const { meanIou, iou, pixelAccuracy, onlyClass } = scored
  if (meanIou === undefined || pixelAccuracy === undefined) return failed('no validation pixel has a label')
  return {
    ...figures(training, onlyClass),
    score: meanIou,
    iou: iou.map((of) => of ?? null),
    pixelAccuracy,
  }
}

/** The result of a classifier whose validation images were counted. */
export const classified = (counts: Classification | undefined, training: Training): Result<Classified> =>
  counts === undefined
    ? diverged(training)
    : {
        ...figures(training, counts.onlyClass),
        score: counts.top1 / counts.images,
        top5: counts.top5 / counts.images,
        ...(counts.confusion.length <= MOST_CONFUSED_CLASSES && { confusion: counts.confusion }),
      }

export const diverged = ({ losses }: Pick<Training, 'losses'>): Failed =>
  failed(`diverged at step ${losses.length}: what the network predicts is not finite`)

function figures({ single, losses }: Training, onlyClass: number | undefined) {
  const { parameters, multiplyAdds } = cost(single)
  return {
    status: 'succeeded' as const,
    loss: finalLoss(losses),
    parameters,
    multiplyAdds,
    ...onlyClassOf({ onlyClass }),
  }
}

/** At the end of a training, of whose last step the loss says little. */
export function finalLoss(losses: readonly number[]): number {
  const last = losses.slice(-10)
  return last.reduce((sum, loss) => sum + loss, 0) / last.length
}
