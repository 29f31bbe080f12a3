import type { Engine } from '../../../engines/engine.ts'
import type { Tensors } from '../../../tensor.ts'
import { type CheckpointAddress, saveCheckpoint } from '../../../training/checkpoint.ts'
import { type Training, type TrainingResult, train } from '../../../training/loop.ts'
import { resumeState } from '../../../training/resumable.ts'
import { learningRates } from '../../../training/schedule.ts'
import { type SgdOptions, sgd } from '../../../training/sgd.ts'
import type { ArchitectureParameters } from '../relaxation.ts'
import type { DenseNasSpace } from '../space.ts'
import type { Supernet } from '../supernet.ts'
import { type ArchitectureOptimiser, isFiniteArchitecture } from './architecture-step.ts'
import type { CostTerm } from './cost-term.ts'
import { supernetParameters } from './graphs.ts'
import type { SupernetHistory } from './history.ts'
import { initialMemory, memorySchema } from './memory.ts'
import { type Phase, type SupernetSchedule, supernetSchedule } from './schedule.ts'
import { searchStep } from './search-step.ts'
import { sharedInitialFilters } from './shared-initial-filters.ts'
import { supernetSteps } from './steps.ts'

export interface SupernetSearch {
  readonly engine: Engine
  readonly space: DenseNasSpace
  readonly supernet: Supernet
  readonly schedule: SupernetSchedule
  readonly weights: SgdOptions & { readonly learningRate: number; readonly finalLearningRate: number }
  readonly architecture: ArchitectureOptimiser
  readonly labelSmoothing: number
  readonly cost: CostTerm
  /** A batch of the half that a phase trains on, a pure function of the index among its steps: `image`, `labels`. */
  readonly batch: (phase: Phase, index: number) => Promise<Tensors>
  readonly seed: number
  readonly address: CheckpointAddress
}

/** A search at the step where it stopped. */
export interface ResumedSearch {
  /** Steps that are done. */
  readonly step: number
  /** Steps in all. */
  readonly steps: number
  train(
    options: Pick<Training, 'checkpointDue' | 'onCheckpoint' | 'onStep' | 'signal'>,
  ): Promise<TrainingResult>
  /** All as it is now. */
  read(): Promise<{
    readonly weights: Tensors
    readonly parameters: ArchitectureParameters
    readonly history: SupernetHistory
  }>
  dispose(): Promise<void>
}

const NOT_FINITE = 'the architecture parameters are not finite'

/**
 * Searches by gradient (section 3.3): weights descend the cross entropy on one half of the images, with one operation
 * sampled in each layer; alpha and beta descend Eq. 8 on the other half, with two.
 */
export async function resumeSearch(search: SupernetSearch): Promise<ResumedSearch> {
  const { engine, space, supernet, seed, address, labelSmoothing } = search
  const schedule = supernetSchedule(search.schedule)
  const { at } = schedule
  const { learningRate: initial, finalLearningRate: final } = search.weights
  const rates = learningRates({ kind: 'cosine', initial, final, warmUp: 0 }, schedule.steps.weights)
  const options = { supernet, optimiser: sgd(search.weights), labelSmoothing, rewrites: engine.rewrites }
  const parameters = supernetParameters(options)
  const { state, losses, notes, read } = await resumeState({
    engine,
    address,
    seed,
    parameters,
    initial: () => sharedInitialFilters(supernet, parameters, seed),
  })
  const trained = supernetSteps(engine, state, options)
  const memory = notes === undefined ? initialMemory(space) : memorySchema.parse(JSON.parse(notes))
  const step = searchStep({ ...search, at, steps: trained }, memory, losses.length)
  const steps = schedule.steps.weights + schedule.steps.architecture
  return {
    step: losses.length,
    steps,
    train: (watching) =>
      train({
        ...watching,
        step,
        state: { read },
        notFinite: () => (isFiniteArchitecture(step.memory.architecture) ? undefined : NOT_FINITE),
        steps,
        losses,
        batch: (index) => search.batch(at(index).phase, at(index).index),
        upload: engine.upload,
        learningRate: (index) => (at(index).phase === 'weights' ? rates(at(index).index) : 0),
        saveCheckpoint: (latest) =>
          saveCheckpoint(address, { ...latest, notes: JSON.stringify(step.memory) }),
      }),
    read: async () => ({
      weights: await read(),
      parameters: step.memory.architecture.parameters,
      history: { epochs: step.memory.epochs },
    }),
    async dispose() {
      state.dispose()
      await trained.dispose()
    },
  }
}
