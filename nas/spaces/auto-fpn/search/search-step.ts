import type { State } from '../../../engines/engine.ts'
import { random } from '../../../random.ts'
import { float32, type Tensors } from '../../../tensor.ts'
import { detectorStep } from '../../../training/detection/step.ts'
import type { CompiledStep } from '../../../training/resumable.ts'
import { architectureParametersOf } from '../architecture-parameters.ts'
import type { SupernetGraphs } from './graphs.ts'
import { entryOf, type SearchHistory } from './history.ts'
import { relaxationInputs } from './relaxation.ts'
import type { ModuleSearch } from './search.ts'

/** Entries of a history. */
const ENTRIES = 20

/** Which half of the training images an input is from. */
export const HALVES = ['weights', 'architecture'] as const
export type Half = (typeof HALVES)[number]

/** The inputs of a step are those of both halves, each name behind that of its half. */
export const ofHalf = (half: Half, inputs: Tensors): Tensors =>
  Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [`${half}/${name}`, tensor]))

const only = (half: Half, inputs: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, tensor]) =>
      name.startsWith(`${half}/`) ? [[name.slice(half.length + 1), tensor]] : [],
    ),
  )

interface SearchStep extends CompiledStep {
  history(): SearchHistory
}

/** Compiles both steps. Its loss is that of the weights, without the resource constraint. */
export async function searchStep(
  search: ModuleSearch,
  graphs: SupernetGraphs,
  state: State,
  start: { readonly done: number; readonly history: SearchHistory },
): Promise<SearchStep> {
  const { engine, supernet, steps, architectureFrom, seed } = search
  const { dimensions, method } = supernet
  const setting = { ...search, detector: supernet.detector }
  const compiled = {
    weights: await detectorStep(engine, state, graphs.weights, setting),
    architecture: await detectorStep(engine, state, graphs.architecture, setting),
  }
  const rate = float32([], [search.architecture.learningRate])
  let [done, history] = [start.done, start.history]
  const every = Math.max(1, Math.floor(steps / ENTRIES))

  async function half(name: Half, inputs: Tensors, learningRate: Tensors[string]) {
    const relaxation = relaxationInputs(
      dimensions,
      method,
      done / steps,
      random(seed, 'relaxation', name, done),
    )
    return compiled[name].run({ ...only(name, inputs), ...relaxation, learningRate })
  }

  return {
    async run(inputs) {
      const { model, cost } = await half('weights', inputs, inputs.learningRate!)
      if (done >= architectureFrom) await half('architecture', inputs, rate)
      done++
      if (done % every === 0 || done === steps) {
        const parameters = architectureParametersOf(dimensions, await state.read())
        history = [
          ...history,
          entryOf({ step: done, loss: model!.data[0]!, cost: cost!.data[0]!, parameters }),
        ]
      }
      return { loss: model! }
    },
    history: () => history,
    async dispose() {
      for (const step of Object.values(compiled)) await step.dispose()
    },
  }
}
