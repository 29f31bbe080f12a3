import { subsampleLabels } from '../nas/data/batches.ts'
import { checkpointClock } from '../nas/runs/checkpoint-interval.ts'
import { completed } from '../nas/runs/completed.ts'
import type { Result } from '../nas/runs/result.ts'
import type { PreparedTrial } from '../nas/runs/run-trials.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Succeeded } from '../nas/tasks/result.ts'
import { int32, type Tensor, type Tensors } from '../nas/tensor.ts'
import type { CheckpointAddress } from '../nas/training/checkpoint.ts'
import type { TrainingResult } from '../nas/training/loop.ts'
import type { Optimiser } from '../nas/training/optimiser.ts'
import type { Resumed } from '../nas/training/resumable.ts'
import { learningRates, type ScheduleConfig } from '../nas/training/schedule.ts'
import { LABEL_STRIDE, subsampled } from '../nas/training/segmentation.ts'
import { type SgdOptions, sgd } from '../nas/training/sgd.ts'
import type { JobContext } from './context.ts'

/** Where a training has its checkpoint. What becomes of a damaged one stands in the log of the job. */
export const checkpointAt = (store: ObjectStore, key: string, training: string): CheckpointAddress => ({
  store,
  key,
  training,
  note: console.error,
})

export const optimiserOf = ({ momentum, weightDecay }: SgdOptions): Optimiser =>
  sgd({ momentum, weightDecay })

interface TrainingOptions {
  /** What is trained, for those who watch. */
  readonly name: string
  readonly steps: number
  readonly schedule: ScheduleConfig
  readonly batch: (step: number) => Promise<Tensors>
}

/** Trains to the end, or to where the job is told to stop. */
export function runTraining(
  { progress, signal }: JobContext,
  training: Resumed,
  options: TrainingOptions,
): Promise<TrainingResult> {
  const { name, steps, schedule, batch } = options
  const checkpoints = checkpointClock(() => performance.now())
  return training.train({
    steps,
    batch,
    learningRate: learningRates(schedule, steps),
    checkpointDue: checkpoints.due,
    onCheckpoint: checkpoints.written,
    onStep: (step, { loss }) => progress({ trial: name, step, steps, loss: loss!.data[0]! }),
    signal,
  })
}

/** A trial that trains like that, and concludes from the losses of its steps. */
export const trainedTrial = <S extends Succeeded>(
  context: JobContext,
  training: Resumed,
  options: TrainingOptions,
  conclude: (losses: readonly number[]) => Promise<Result<S>>,
): PreparedTrial<S> => ({
  training,
  finish: async () => {
    const end = completed(await runTraining(context, training, options))
    return 'failed' in end ? end.failed : conclude(end.losses)
  },
})

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

/** The steps of a training and the polynomial schedule of its learning rate. */
export const polynomial = ({ steps, learningRate, power }: Polynomial) => ({
  steps,
  schedule: { kind: 'polynomial', initial: learningRate, power, warmUp: 0 } as const,
})

interface Polynomial {
  readonly steps: number
  readonly learningRate: number
  readonly power: number
}
