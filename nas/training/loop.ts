import type { Engine, State, Uploaded } from '../engines/engine.ts'
import { float32, type Tensors } from '../tensor.ts'
import type { Checkpoint } from './checkpoint.ts'
import { notFinite } from './finite.ts'

/** One step of a training: a program, or several. */
export interface Step {
  /** @param inputs the batch, and `learningRate`. @returns `loss`, and what else the step reports */
  run(inputs: Tensors): Promise<Tensors>
}

interface Batch {
  readonly inputs: Tensors
  readonly uploaded: Uploaded | undefined
}

export interface Training {
  readonly step: Step
  /** What a checkpoint holds. */
  readonly state: Pick<State, 'read'>
  /** Says what is not finite of the state beside tensors. Asked after each step. */
  readonly notFinite?: () => string | undefined
  /** Steps in all. */
  readonly steps: number
  /** Losses of the steps that are done: those of the checkpoint, or none. */
  readonly losses: readonly number[]
  /** The inputs of a step, but for the learning rate: a pure function of the step. */
  readonly batch: (step: number) => Promise<Tensors>
  readonly learningRate: (step: number) => number
  /** Of the engine. */
  readonly upload?: Engine['upload']
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
  /** The loss of this step was not a finite number, or the state before it; `what` says so. */
  | { readonly kind: 'diverged'; readonly step: number; readonly what: string }
  /** A checkpoint was written after this many steps. */
  | { readonly kind: 'interrupted'; readonly done: number }

/**
 * How often the state is looked at, in steps. A loss tells of most divergence at once, but not of running statistics, nor of what
 * the last step did, nor of a unit that hides what reaches it. To look takes about a tenth of a step, as the state is copied: a
 * thousandth of the time. The steps are the same however often a training was interrupted, so its failure is, too.
 */
const STATE_EVERY = 100

/** Trains to the last step, preparing and uploading each batch while the step before it runs. */
export async function train(training: Training): Promise<TrainingResult> {
  const { step, state, steps, learningRate, signal } = training
  const losses = [...training.losses]
  const diverged = (what: string) => ({ kind: 'diverged', step: losses.length, what }) as const
  /** A training that has diverged keeps the checkpoint that it has: it would never get out of another. */
  const checkpoint = async (latest: Tensors) => {
    if (notFinite(latest) === undefined) await training.saveCheckpoint({ state: latest, losses: [...losses] })
  }
  const load = async (step: number): Promise<Batch> => {
    const inputs = await training.batch(step)
    return { inputs, uploaded: await training.upload?.(inputs) }
  }
  const prepare = (step: number): Promise<Batch> | undefined => {
    if (step >= steps) return undefined
    const batch = load(step)
    // A step that fails, diverges or is the last before an interruption leaves the next batch unawaited.
    batch.catch(() => {})
    return batch
  }

  let next = prepare(losses.length)
  try {
    while (next !== undefined) {
      const done = losses.length
      if (signal?.aborted) {
        await checkpoint(await state.read())
        return { kind: 'interrupted', done }
      }
      const batch = await next
      const run = step.run({ ...batch.inputs, learningRate: float32([], [learningRate(done)]) })
      next = prepare(done + 1)
      const outputs = await run.finally(() => batch.uploaded?.release())
      const loss = outputs.loss!.data[0]!
      if (!Number.isFinite(loss)) return diverged(`the loss was ${loss}`)
      losses.push(loss)
      training.onStep?.(done + 1, outputs)
      const beside = training.notFinite?.()
      if (beside !== undefined) return diverged(beside)
      const [due, looked] = [training.checkpointDue(done + 1), (done + 1) % STATE_EVERY === 0]
      if (!due && !looked) continue
      const latest = await state.read()
      const what = looked ? notFinite(latest) : undefined
      if (what !== undefined) return diverged(what)
      if (due) {
        await checkpoint(latest)
        training.onCheckpoint?.()
      }
    }
  } finally {
    next?.then(
      ({ uploaded }) => uploaded?.release(),
      () => {},
    )
  }
  const what = notFinite(await state.read())
  return what === undefined ? { kind: 'finished', losses } : diverged(what)
}
