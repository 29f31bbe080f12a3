import { IGNORE } from '../nas/data/dataset.ts'
import type { Program, State } from '../nas/engines/engine.ts'
import { cost } from '../nas/graph/cost.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { failed, type Result } from '../nas/runs/result.ts'
import type { Segmented } from '../nas/tasks/segmentation.ts'
import { type EvaluationBatch, evaluate } from '../nas/training/evaluate.ts'

/** A trained network over the validation images. */
export interface Trained {
  readonly program: Program
  readonly state: State
  readonly batches: AsyncIterable<EvaluationBatch>
  readonly classes: number
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
  single,
  losses,
}: Trained): Promise<Result<Segmented>> {
  const { meanIou, iou, pixelAccuracy } = await evaluate({
    program,
    state,
    batches,
    classes,
    ignoreLabel: IGNORE,
  })
  if (meanIou === undefined || pixelAccuracy === undefined) return failed('no validation pixel has a label')
  const { parameters, multiplyAdds } = cost(single)
  return {
    status: 'succeeded',
    score: meanIou,
    iou: iou.map((of) => of ?? null),
    pixelAccuracy,
    loss: finalLoss(losses),
    parameters,
    multiplyAdds,
  }
}

/** At the end of a training, of whose last step the loss says little. */
export function finalLoss(losses: readonly number[]): number {
  const last = losses.slice(-10)
  return last.reduce((sum, loss) => sum + loss, 0) / last.length
}
