import type { Engine } from '../../nas/engines/engine.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import { AS_WRITTEN } from '../../nas/graph/rewrites.ts'
import { checkpointClock } from '../../nas/runs/checkpoint-interval.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { float32 } from '../../nas/tensor.ts'
import type { TrainingResult } from '../../nas/training/loop.ts'
import { resumable } from '../../nas/training/resumable.ts'
import type { TrialOutcome } from './trial-outcome.ts'

/** What a training needs of its host and its process. */
export interface TrainingEnvironment {
  readonly store: ObjectStore
  /** Aborted when the job is told to stop. */
  readonly signal: AbortSignal
  readonly now: () => number
  /** Resolves when the host has worked for so many milliseconds, at ordinary speed. */
  readonly work: (ms: number) => Promise<void>
  /** Kills the process for want of memory. */
  readonly outOfMemory: () => Promise<never>
}

/** The network of a simulated training has no parameters; a checkpoint holds the losses alone. */
const GRAPH: Graph = {
  inputs: new Map(),
  parameters: new Map(),
  constants: [],
  nodes: [],
  outputs: new Map(),
  updates: new Map(),
}

/** A failure comes when this part of the training is done. */
const FATAL_PART = 0.6

const COMPILE_MS = 5000

/** In place of nas/engines: a step takes its time and has some loss. */
function simulatedEngine(
  { seconds, failure }: TrialOutcome,
  steps: number,
  { work, outOfMemory }: TrainingEnvironment,
): Engine {
  const fatal = Math.floor(steps * FATAL_PART)
  return {
    name: 'simulated',
    threads: 1,
    rewrites: AS_WRITTEN,
    state: () => ({ read: async () => ({}), put: () => {}, drop: () => {}, dispose: () => {} }),
    compile: async () => {
      await work(COMPILE_MS)
      return {
        run: async (_, inputs) => {
          const step = inputs.step!.data[0]!
          await work((1000 * seconds) / steps)
          if (step === fatal && failure === 'memory') await outOfMemory()
          const loss = step === fatal && failure === 'diverges' ? Number.NaN : 1 / (1 + step)
          return { loss: float32([], [loss]) }
        },
        dispose: async () => {},
      }
    },
  }
}

interface Training {
  /** Key of its checkpoint. */
  readonly key: string
  /** Name of the training, which its checkpoint holds. */
  readonly training: string
  readonly outcome: TrialOutcome
  readonly steps: number
}

/** Resumes a training from its checkpoint, or begins it. */
export async function resumeTraining(
  environment: TrainingEnvironment,
  { key, training, outcome, steps }: Training,
) {
  const resumed = await resumable({
    engine: simulatedEngine(outcome, steps, environment),
    graph: GRAPH,
    address: { store: environment.store, key, training },
    seed: 0,
  })
  const checkpoints = checkpointClock(environment.now)
  return {
    step: resumed.step,
    dispose: resumed.dispose,
    train: (): Promise<TrainingResult> =>
      resumed.train({
        steps,
        batch: async (step) => ({ step: float32([], [step]) }),
        learningRate: () => 1,
        checkpointDue: checkpoints.due,
        onCheckpoint: checkpoints.written,
        signal: environment.signal,
      }),
  }
}
