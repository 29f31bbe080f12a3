import type { Engine } from '../../../engines/engine.ts'
import type { Tensors } from '../../../tensor.ts'
import type { AdamOptions } from '../../../training/adam.ts'
import type { CheckpointAddress } from '../../../training/checkpoint.ts'
import type { Geometry } from '../../../training/detection/geometry.ts'
import { type CompiledStep, type Resumed, resumableSteps } from '../../../training/resumable.ts'
import { type ClippedSgd, type Supernet, type SupernetGraphs, supernetGraphs } from './graphs.ts'
import { type SearchHistory, searchHistorySchema } from './history.ts'
import { searchStep } from './search-step.ts'

export interface ModuleSearch {
  readonly engine: Engine
  readonly supernet: Supernet
  readonly weights: ClippedSgd
  readonly architecture: AdamOptions & { readonly learningRate: number }
  /** Steps for the weights, and from which on each is followed by one for the architecture. */
  readonly steps: number
  readonly architectureFrom: number
  readonly geometry: Geometry
  /** Images a step. */
  readonly batch: number
  readonly seed: number
  readonly address: CheckpointAddress
  /** Weights that do not start at random. */
  readonly initial: Tensors
}

/** A search at the step where it stopped. */
export interface ResumedSearch extends Resumed {
  /** So far. */
  history(): SearchHistory
}

/**
 * Searches one module by gradient (section 3.4): weights descend the loss on trainA and, from a step on, alpha or beta descend it on
 * trainB, in turn (the first-order approximation of DARTS).
 */
export async function resumeSearch(search: ModuleSearch): Promise<ResumedSearch> {
  const { engine, supernet, seed, address, initial } = search
  const graphs = supernetGraphs(supernet, {
    weights: search.weights,
    architecture: search.architecture,
    rewrites: engine.rewrites,
  })
  let history: () => SearchHistory = () => []
  const resumed = await resumableSteps({
    engine,
    address,
    seed,
    initial,
    parameters: parametersOf(graphs),
    notes: () => JSON.stringify(history()),
    async compile(state, done, notes): Promise<CompiledStep> {
      const before = notes === undefined ? [] : searchHistorySchema.parse(JSON.parse(notes))
      const step = await searchStep(search, graphs, state, { done, history: before })
      history = step.history
      return step
    },
  })
  return { ...resumed, history: () => history() }
}

const parametersOf = ({ weights, architecture }: SupernetGraphs) =>
  new Map([...weights.parameters, ...architecture.parameters])
