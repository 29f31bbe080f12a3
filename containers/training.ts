import { subsampleLabels } from '../nas/data/batches.ts'
import { checkpointClock } from '../nas/runs/checkpoint-interval.ts'
import type { OptimiserSettings } from '../nas/runs/settings.ts'
import { int32, type Tensor, type Tensors } from '../nas/tensor.ts'
import type { TrainingResult } from '../nas/training/loop.ts'
import type { Optimiser } from '../nas/training/optimiser.ts'
import type { Resumed } from '../nas/training/resumable.ts'
import { learningRates } from '../nas/training/schedule.ts'
import { LABEL_STRIDE, subsampled } from '../nas/training/segmentation.ts'
import { sgd } from '../nas/training/sgd.ts'
import type { JobContext } from './context.ts'

export const optimiserOf = ({ momentum, weightDecay }: OptimiserSettings): Optimiser =>
  sgd({ momentum, weightDecay })

/** Trains to the end, or to where the job is told to stop, by the polynomial schedule of the settings. */
export function runTraining(
  { progress, signal }: JobContext,
  training: Resumed,
  options: {
    /** What is trained, for those who watch. */
    readonly name: string
    readonly settings: OptimiserSettings
    readonly batch: (step: number) => Promise<Tensors>
  },
): Promise<TrainingResult> {
  const { steps, learningRate, power } = options.settings
  const checkpoints = checkpointClock(() => performance.now())
  return training.train({
    steps,
    batch: options.batch,
    learningRate: learningRates({ kind: 'polynomial', initial: learningRate, power, warmUp: 0 }, steps),
    checkpointDue: checkpoints.due,
    onCheckpoint: checkpoints.written,
    onStep: (step, { loss }) => progress({ trial: options.name, step, steps, loss: loss!.data[0]! }),
    signal,
  })
}

/** The batch with its labels at `LABEL_STRIDE`. */
export function strideLabels({
  image,
  labels,
}: {
  readonly image: Tensor
  readonly labels: Tensor
}): Tensors {
  const [n, height, width] = labels.shape as [number, number, number]
  const data = subsampleLabels(labels.data as Int32Array, height, width, LABEL_STRIDE)
  return { image, labels: int32([n, ...subsampled([height, width], LABEL_STRIDE)], data) }
}
