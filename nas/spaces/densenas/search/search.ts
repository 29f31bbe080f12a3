import { z } from 'zod'
import type { Engine, Program } from '../../../engines/engine.ts'
import { countTopK, NO_IMAGES } from '../../../metrics/top-k.ts'
import { random } from '../../../random.ts'
import { float32, type Tensors } from '../../../tensor.ts'
import { type CheckpointAddress, loadCheckpoint, saveCheckpoint } from '../../../training/checkpoint.ts'
import { initialise } from '../../../training/initialise.ts'
import { type Training, type TrainingResult, train } from '../../../training/loop.ts'
import { learningRates } from '../../../training/schedule.ts'
import { type SgdOptions, sgd } from '../../../training/sgd.ts'
import {
  type ArchitectureOptimiser,
  architectureStateSchema,
  architectureStep,
  initialArchitecture,
} from '../architecture-step.ts'
import { type CostEstimate, costAndGradient } from '../cost-gradient.ts'
import type { CostTable } from '../expected-cost.ts'
import { alikeFilters } from '../initial-weights.ts'
import { type ArchitectureParameters, mapSoftmaxes, type Relaxation, relax } from '../relaxation.ts'
import { architectureGradient, gated, sampleOperations } from '../sample.ts'
import type { DenseNasSpace } from '../space.ts'
import type { Supernet } from '../supernet.ts'
import { supernetParameters } from './graphs.ts'
import { type SupernetHistory, supernetHistorySchema } from './history.ts'
import { type Phase, type SupernetSchedule, supernetSchedule } from './schedule.ts'
import { supernetSteps } from './steps.ts'

export interface SupernetSearch {
  readonly engine: Engine
  readonly space: DenseNasSpace
  readonly supernet: Supernet
  readonly schedule: SupernetSchedule
  readonly weights: SgdOptions & { readonly learningRate: number; readonly finalLearningRate: number }
  readonly architecture: ArchitectureOptimiser
  readonly labelSmoothing: number
  readonly cost: {
    readonly table: CostTable
    readonly estimate: CostEstimate
    readonly lambda: number
    readonly tau: number
  }
  /** A batch of the half that a phase trains on, a pure function of the index among its steps: `image`, `labels`. */
  readonly batch: (phase: Phase, index: number) => Promise<Tensors>
  readonly seed: number
  readonly address: CheckpointAddress
}

/** A search at the step where it was last left. */
export interface ResumedSearch {
  /** Steps behind it, and steps in all. */
  readonly step: number
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

/** What a search remembers beside its weights. */
const memorySchema = z.object({
  architecture: architectureStateSchema,
  epochs: supernetHistorySchema.unwrap().shape.epochs,
  /** Of the steps of this epoch: cross entropies, images, images whose class was found. */
  epoch: z.object({ loss: z.number(), steps: z.int(), images: z.int(), top1: z.int() }),
})
type Memory = z.infer<typeof memorySchema>

const NEW_EPOCH: Memory['epoch'] = { loss: 0, steps: 0, images: 0, top1: 0 }

/**
 * Searches by gradient (section 3.3): weights descend the cross entropy on one half of the images, with one operation
 * sampled in each layer; alpha and beta descend Eq. 8 on the other half, with two.
 */
export async function resumeSearch(search: SupernetSearch): Promise<ResumedSearch> {
  const { engine, space, supernet, seed, address, cost } = search
  const { steps, at } = supernetSchedule(search.schedule)
  const { learningRate: initial, finalLearningRate: final } = search.weights
  const rates = learningRates({ kind: 'cosine', initial, final, warmUp: 0 }, steps.weights)
  const options = { supernet, optimiser: sgd(search.weights), labelSmoothing: search.labelSmoothing }
  const parameters = supernetParameters(options)
  const checkpoint = await loadCheckpoint(address, parameters)
  const state = engine.state(
    checkpoint?.state ?? { ...initialise(parameters, seed), ...alikeFilters(supernet, parameters, seed) },
  )
  const trained = supernetSteps(engine, state, options)
  let memory: Memory = checkpoint?.notes
    ? memorySchema.parse(JSON.parse(checkpoint.notes))
    : { architecture: initialArchitecture(space), epochs: [], epoch: NEW_EPOCH }
  const losses = checkpoint?.losses ?? []
  let done = losses.length

  /** One step, as if it were a program that is the same for all. */
  const program: Program = {
    async run(_, inputs) {
      const place = at(done)
      const { architecture } = memory
      const relaxation = relax(architecture.parameters)
      const forWeights = place.phase === 'weights'
      const sample = sampleOperations(relaxation, forWeights ? 1 : 2, random(seed, 'operations', done))
      const operations = gated(supernet, relaxation, sample)
      const { loss, logits, gateGradients } = await trained.run(place.phase, operations, inputs)
      const found = countTopK(NO_IMAGES, logits.data, inputs.labels!.data, supernet.task.classes)
      memory = {
        ...memory,
        architecture: forWeights
          ? architecture
          : architectureStep(
              architecture,
              architectureGradient(supernet, relaxation, sample, gateGradients, costSlopes(relaxation)),
              sample,
              search.architecture,
            ),
        epoch: {
          loss: memory.epoch.loss + loss,
          steps: memory.epoch.steps + 1,
          images: memory.epoch.images + found.images,
          top1: memory.epoch.top1 + found.top1,
        },
      }
      if (place.last)
        memory = { ...memory, epochs: [...memory.epochs, entryOf(place, memory)], epoch: NEW_EPOCH }
      done++
      return { loss: float32([], [loss]) }
    },
    dispose: () => trained.dispose(),
  }

  /** Of lambda log_tau(cost). */
  function costSlopes(relaxation: Relaxation) {
    const { cost: expected, gradient } = costAndGradient(space, relaxation, cost.table, cost.estimate)
    const scale = cost.lambda / (expected * Math.log(cost.tau))
    const scaled = (slopes: readonly number[]) => slopes.map((slope) => scale * slope)
    return mapSoftmaxes(gradient, scaled)
  }

  function entryOf(
    { epoch, phase }: { readonly epoch: number; readonly phase: Phase },
    { architecture, epoch: sums }: Memory,
  ): Memory['epochs'][number] {
    const relaxation = relax(architecture.parameters)
    const { paths, head, stack } = mapSoftmaxes(relaxation, (values) => values.map(rounded))
    return {
      epoch,
      phase,
      loss: sums.loss / sums.steps,
      accuracy: sums.top1 / sums.images,
      cost: costAndGradient(space, relaxation, cost.table, cost.estimate).cost,
      ...(phase === 'architecture' && { paths, operations: { head, stack } }),
    }
  }

  return {
    step: done,
    steps: steps.weights + steps.architecture,
    train: (watching) =>
      train({
        ...watching,
        program,
        state,
        steps: steps.weights + steps.architecture,
        losses,
        batch: (step) => search.batch(at(step).phase, at(step).index),
        learningRate: (step) => (at(step).phase === 'weights' ? rates(at(step).index) : 0),
        saveCheckpoint: (latest) => saveCheckpoint(address, { ...latest, notes: JSON.stringify(memory) }),
      }),
    read: async () => ({
      weights: await state.read(),
      parameters: memory.architecture.parameters,
      history: { epochs: memory.epochs },
    }),
    async dispose() {
      state.dispose()
      await trained.dispose()
    },
  }
}

/** To four digits: enough to draw. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
