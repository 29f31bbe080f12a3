import type { Engine, Program, State } from '../engines/engine.ts'
import type { Graph } from '../graph/graph.ts'
import type { Tensors } from '../tensor.ts'
import { type CheckpointAddress, loadCheckpoint, saveCheckpoint } from './checkpoint.ts'
import { initialise } from './initialise.ts'
import { type Training, type TrainingResult, train } from './loop.ts'

export interface ResumableTraining {
  readonly engine: Engine
  readonly graph: Graph
  readonly address: CheckpointAddress
  readonly seed: number
  /** Parameters that do not start at random: a trained backbone. What the graph does not name is left. */
  readonly initial?: Tensors
}

/** A training at the step where it was last left. */
export interface Resumed {
  /** Steps behind it. */
  readonly step: number
  train(options: Omit<Training, 'program' | 'state' | 'losses' | 'saveCheckpoint'>): Promise<TrainingResult>
  /** All tensors as they are now. */
  read(): Promise<Tensors>
  dispose(): Promise<void>
}

/** Compiles a training step and takes up its checkpoint, or starts from initial values. */
export async function resumable({
  engine,
  graph,
  address,
  seed,
  initial = {},
}: ResumableTraining): Promise<Resumed> {
  const checkpoint = await loadCheckpoint(address, graph.parameters)
  const program: Program = await engine.compile(graph)
  const given = Object.entries(initial).filter(([name]) => graph.parameters.has(name))
  const state: State = engine.state(
    checkpoint?.state ?? { ...initialise(graph.parameters, seed), ...Object.fromEntries(given) },
  )
  const losses = checkpoint?.losses ?? []
  return {
    step: losses.length,
    train: (options) =>
      train({
        ...options,
        program,
        state,
        losses,
        saveCheckpoint: (latest) => saveCheckpoint(address, latest),
      }),
    read: () => state.read(),
    async dispose() {
      state.dispose()
      await program.dispose()
    },
  }
}
