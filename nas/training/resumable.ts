import type { Engine, State } from '../engines/engine.ts'
import type { Graph } from '../graph/graph.ts'
import type { Tensors } from '../tensor.ts'
import { type CheckpointAddress, saveCheckpoint, takeCheckpoint } from './checkpoint.ts'
import { initialise } from './initialise.ts'
import { type Step, type Training, type TrainingResult, train } from './loop.ts'

interface Start {
  readonly engine: Engine
  readonly address: CheckpointAddress
  readonly seed: number
}

export interface ResumedState {
  readonly state: State
  /** Losses of the steps that are done. */
  readonly losses: readonly number[]
  /** Those of the checkpoint. */
  readonly notes: string | undefined
  /** What a checkpoint holds: all parameters but those that pass from program to program within a step. */
  read(): Promise<Tensors>
}

/**
 * The state of a training: from its checkpoint, or at its start.
 * @param parameters of all programs of a step. @param initial values of those that do not start from a stream of their own.
 */
export async function resumeState({
  engine,
  address,
  seed,
  parameters,
  initial,
}: Start & {
  readonly parameters: Graph['parameters']
  readonly initial: () => Tensors
}): Promise<ResumedState> {
  const byPersistence = (persistent: boolean) =>
    new Map([...parameters].filter(([, { parameter }]) => (parameter.role !== 'feature') === persistent))
  const persistent = byPersistence(true)
  const checkpoint = await takeCheckpoint(address, persistent)
  const state = engine.state({
    ...(checkpoint?.state ?? { ...initialise(persistent, seed), ...initial() }),
    ...initialise(byPersistence(false), seed),
  })
  return {
    state,
    losses: checkpoint?.losses ?? [],
    notes: checkpoint?.notes,
    read: async () =>
      Object.fromEntries(Object.entries(await state.read()).filter(([name]) => persistent.has(name))),
  }
}

interface Initial {
  /** Parameters that do not start at random: a trained backbone. Names that the training does not have are ignored. */
  readonly initial?: Tensors
}

export interface ResumableTraining extends Start, Initial {
  /** A training step. */
  readonly graph: Graph
}

/** A compiled step, of one program or several. */
export interface CompiledStep extends Step {
  dispose(): Promise<void>
}

export interface ResumableSteps extends Start, Initial {
  /** Of all programs of a step. */
  readonly parameters: Graph['parameters']
  /** @param done steps that are done @param notes those of the checkpoint */
  readonly compile: (state: State, done: number, notes: string | undefined) => Promise<CompiledStep>
  /** What a checkpoint keeps beside tensors. */
  readonly notes?: () => string
}

/** A training at the step where it stopped. */
export interface Resumed {
  /** Steps that are done. */
  readonly step: number
  train(
    options: Omit<Training, 'step' | 'state' | 'losses' | 'upload' | 'saveCheckpoint'>,
  ): Promise<TrainingResult>
  /** All tensors as they are now. */
  read(): Promise<Tensors>
  dispose(): Promise<void>
}

/** Compiles a training step, and resumes from its checkpoint or starts from initial values. */
export const resumable = ({ graph, ...start }: ResumableTraining): Promise<Resumed> =>
  resumableSteps({
    ...start,
    parameters: graph.parameters,
    async compile(state) {
      const program = await start.engine.compile(graph)
      return { run: (inputs) => program.run(state, inputs), dispose: program.dispose }
    },
  })

/** Likewise, of a step that is not one program. */
export async function resumableSteps({
  parameters,
  initial = {},
  compile,
  notes,
  ...start
}: ResumableSteps): Promise<Resumed> {
  const resumed = await resumeState({
    ...start,
    parameters,
    initial: () => Object.fromEntries(Object.entries(initial).filter(([name]) => parameters.has(name))),
  })
  const { state, losses, read } = resumed
  const step = await compile(state, losses.length, resumed.notes).catch((cause) => {
    state.dispose()
    throw cause
  })
  return {
    step: losses.length,
    train: (options) =>
      train({
        ...options,
        step,
        state: { read },
        losses,
        upload: start.engine.upload,
        saveCheckpoint: (latest) =>
          saveCheckpoint(start.address, { ...latest, ...(notes && { notes: notes() }) }),
      }),
    read,
    async dispose() {
      state.dispose()
      await step.dispose()
    },
  }
}
