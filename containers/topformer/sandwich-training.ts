import type { PretrainSpec } from '../../nas/pipelines/topformer/pretraining.ts'
import { type Random, random } from '../../nas/random.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { type Resumed, resumableSteps } from '../../nas/training/resumable.ts'
import { type Sandwich, sandwichGraphs, sandwichStep } from '../../nas/training/sandwich.ts'
import { checkpointAt } from '../training.ts'
import type { TopformerContext } from './context.ts'

interface Options {
  readonly sandwich: Sandwich
  /** The inputs that tell a sub-network between the largest and the smallest. */
  readonly draw: (rng: Random) => Tensors
  /** Values of parameters that do not start at random. */
  readonly initial?: Tensors
}

/** The training of a supernet by the sandwich rule, at the step where it stopped. */
export function sandwichTraining(
  { engine, store }: TopformerContext,
  trial: string,
  { seed, sandwich: { sampled } }: Pick<PretrainSpec, 'seed' | 'sandwich'>,
  { sandwich, draw, initial = {} }: Options,
): Promise<Resumed> {
  const graphs = sandwichGraphs(sandwich, engine.rewrites)
  /** A pure function of the step, so that a resumed training draws the same. */
  const samples = (step: number) => {
    const rng = random(seed, 'sandwich', step)
    return Array.from({ length: sampled }, () => draw(rng))
  }
  return resumableSteps({
    engine,
    parameters: graphs.parameters,
    initial,
    compile: (state, done) => sandwichStep(engine, state, graphs, samples, done),
    address: checkpointAt(store, trialKeys(trial).checkpoint, trial),
    seed,
  })
}

/** Without the slots of the optimiser. */
export const trainedWeights = async (training: Resumed): Promise<Tensors> =>
  Object.fromEntries(Object.entries(await training.read()).filter(([name]) => !name.includes(':')))
