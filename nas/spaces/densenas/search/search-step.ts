import { countTopK, NO_IMAGES } from '../../../metrics/top-k.ts'
import { random } from '../../../random.ts'
import { float32 } from '../../../tensor.ts'
import type { Step } from '../../../training/loop.ts'
import { mapSoftmaxes, relax } from '../relaxation.ts'
import type { DenseNasSpace } from '../space.ts'
import type { Supernet } from '../supernet.ts'
import { type ArchitectureOptimiser, architectureStep } from './architecture-step.ts'
import { type CostTerm, costSlopes, expectedCost } from './cost-term.ts'
import { afterEpoch, afterStep, type EpochEntry, type Memory } from './memory.ts'
import { architectureGradient, gated, sampleOperations } from './sample.ts'
import type { Place } from './schedule.ts'
import type { SupernetSteps } from './steps.ts'

interface SearchStepOptions {
  readonly space: DenseNasSpace
  readonly supernet: Supernet
  readonly architecture: ArchitectureOptimiser
  readonly cost: CostTerm
  readonly seed: number
  readonly at: (step: number) => Place
  readonly steps: SupernetSteps
}

/** Steps for weights and architecture by their schedule, after those that are done. */
export interface SearchStep extends Step {
  /** After the latest step. */
  readonly memory: Memory
}

export function searchStep(options: SearchStepOptions, start: Memory, done: number): SearchStep {
  const { space, supernet, cost, seed, at, steps } = options
  let [memory, next] = [start, done]
  return {
    get memory() {
      return memory
    },
    async run(inputs) {
      const place = at(next)
      const { architecture } = memory
      const relaxation = relax(architecture.parameters)
      const forWeights = place.phase === 'weights'
      const sample = sampleOperations(relaxation, forWeights ? 1 : 2, random(seed, 'operations', next))
      const operations = gated(supernet, relaxation, sample)
      const { loss, logits, gateGradients } = await steps.run(place.phase, operations, inputs)
      const { images, top1 } = countTopK(NO_IMAGES, logits.data, inputs.labels!.data, supernet.task.classes)
      const updated = () => {
        const byCost = costSlopes(space, relaxation, cost)
        const gradient = architectureGradient(supernet, relaxation, sample, gateGradients, byCost)
        return architectureStep(architecture, gradient, sample, options.architecture)
      }
      memory = afterStep(memory, forWeights ? architecture : updated(), { loss, images, top1 })
      if (place.last) memory = afterEpoch(memory, entryOf(options, place, memory))
      next++
      return { loss: float32([], [loss]) }
    },
  }
}

function entryOf(
  { space, cost }: SearchStepOptions,
  { epoch, phase }: Place,
  { architecture, epoch: sums }: Memory,
): EpochEntry {
  const relaxation = relax(architecture.parameters)
  const { paths, head, stack } = mapSoftmaxes(relaxation, (values) => values.map(rounded))
  return {
    epoch,
    phase,
    loss: sums.loss / sums.steps,
    accuracy: sums.top1 / sums.images,
    cost: expectedCost(space, relaxation, cost),
    ...(phase === 'architecture' && { paths, operations: { head, stack } }),
  }
}

/** To four digits: enough to draw. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
