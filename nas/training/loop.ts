import type { State } from '../engines/engine.ts'
import { float32, type Tensors } from '../tensor.ts'
import type { Checkpoint } from './checkpoint.ts'

/** One step of a training: a program, or several. */
export interface Step {
  /** @param inputs the batch, and `learningRate`. @returns `loss`, and what else the step reports */
  run(inputs: Tensors): Promise<Tensors>
}

export interface Training {
  readonly step: Step
  /** What a checkpoint holds. */
  readonly state: Pick<State, 'read'>
  /** Steps in all. */
  readonly steps: number
  /** Losses of the steps that are done: those of the checkpoint, or none. */
  readonly losses: readonly number[]
  /** The inputs of a step, but for the learning rate: a pure function of the step. */
  readonly batch: (step: number) => Promise<Tensors>
  readonly learningRate: (step: number) => number
  readonly saveCheckpoint: (checkpoint: Checkpoint) => Promise<void>
  /** Whether to save a checkpoint. Asked after each step, the last included, with the number of steps done. */
  readonly checkpointDue: (done: number) => boolean
  /** Told when a checkpoint that was due has been written. */
  readonly onCheckpoint?: () => void
  readonly onStep?: (done: number, outputs: Tensors) => void
  /** Stops the training after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal
}

export type TrainingResult =
  | { readonly kind: 'finished'; readonly losses: readonly number[] }
  /** The loss of this step was not a finite number; the state is useless. */
  | { readonly kind: 'diverged'; readonly step: number; readonly loss: number }
  /** A checkpoint was written after this many steps. */
  | { readonly kind: 'interrupted'; readonly done: number }

/** Trains to the last step, preparing each batch while the step before it runs. */
export async function train(training: Training): Promise<TrainingResult> {
  const { step, state, steps, learningRate, signal } = training
  const losses = [...training.losses]
  const checkpoint = async () => training.saveCheckpoint({ state: await state.read(), losses: [...losses] })
  const prepare = (step: number): Promise<Tensors> | undefined => {
    if (step >= steps) return undefined
    const batch = training.batch(step)
    // A step that fails, diverges or is the last before an interruption leaves the next batch unawaited.
    batch.catch(() => {})
    return batch
  }

  let next = prepare(losses.length)
  while (next !== undefined) {
    const done = losses.length
    if (signal?.aborted) {
      await checkpoint()
      return { kind: 'interrupted', done }
    }
    const inputs = { ...(await next), learningRate: float32([], [learningRate(done)]) }
    const run = step.run(inputs)
    next = prepare(done + 1)
    const outputs = await run
    const loss = outputs.loss!.data[0]!
    if (!Number.isFinite(loss)) return { kind: 'diverged', step: done, loss }
    losses.push(loss)
    training.onStep?.(done + 1, outputs)
    if (training.checkpointDue(done + 1)) {
      await checkpoint()
      training.onCheckpoint?.()
    }
  }
  return { kind: 'finished', losses }
}
