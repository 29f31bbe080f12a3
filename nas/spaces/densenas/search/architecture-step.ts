import { z } from 'zod'
import type { ArchitectureParameters, PerOperation } from '../relaxation.ts'
import { blocksOf, type DenseNasSpace } from '../space.ts'
import { rebalance } from './rebalance.ts'
import type { ArchitectureGradient } from './sample.ts'

const vectors = z.array(z.array(z.number()).readonly()).readonly()
const perOperation = z.array(vectors).readonly()
const parametersSchema = z.strictObject({ beta: vectors, head: perOperation, stack: perOperation }).readonly()

/** Architecture parameters, and Adam's slots of each: first and second moment, and the number of updates. */
export const architectureStateSchema = z
  .strictObject({
    parameters: parametersSchema,
    first: parametersSchema,
    second: parametersSchema,
    updates: parametersSchema,
  })
  .readonly()
export type ArchitectureState = z.infer<typeof architectureStateSchema>

export interface ArchitectureOptimiser {
  readonly learningRate: number
  readonly betas: readonly [number, number]
  readonly weightDecay: number
}

const EPSILON = 1e-8

/** Of a state that is not, no checkpoint can be written. */
export const isFiniteArchitecture = (state: ArchitectureState): boolean =>
  Object.values(state).every(({ beta, head, stack }) =>
    [beta.flat(), head.flat(2), stack.flat(2)].flat().every(Number.isFinite),
  )

/** All operations of a layer, and all paths from a block, equally probable. */
export function initialArchitecture(space: DenseNasSpace): ArchitectureState {
  const blocks = blocksOf(space)
  const zeros = (count: number) => Array<number>(count).fill(0)
  const { length: operations } = space.operations
  const none: ArchitectureParameters = {
    beta: blocks.slice(0, -1).map(({ outputs }) => zeros(outputs.length)),
    head: blocks.map(({ inputs }, i) => inputs.map(() => zeros(i === blocks.length - 1 ? 1 : operations))),
    stack: blocks.map(({ layers }) => Array.from({ length: layers }, () => zeros(operations + 1))),
  }
  return { parameters: none, first: none, second: none, updates: none }
}

/**
 * A step of Adam (Kingma and Ba 2015, Algorithm 1; weight decay as L2) on all beta and on alpha of the sampled operations,
 * which are then re-balanced (Eq. 9). Parameters that were not sampled stay as they are, their moments too.
 */
export function architectureStep(
  state: ArchitectureState,
  gradient: ArchitectureGradient,
  sample: PerOperation,
  options: ArchitectureOptimiser,
): ArchitectureState {
  const ofLayers = (kind: 'head' | 'stack') =>
    state.parameters[kind].map((layers, block) =>
      layers.map((alpha, index) => {
        const at = (parameters: PerOperation) => parameters[kind][block]![index]!
        const sampled = at(sample)
        const next = adamStep(vectorsOf(state, at), at(gradient), sampled, options)
        return { ...next, parameters: rebalance(alpha, next.parameters, sampled) }
      }),
    )
  const beta = state.parameters.beta.map((path, block) =>
    adamStep(
      vectorsOf(state, (parameters) => parameters.beta[block]!),
      gradient.beta[block]!,
      [...path.keys()],
      options,
    ),
  )
  const [head, stack] = [ofLayers('head'), ofLayers('stack')]
  const part = (name: keyof Vectors): ArchitectureParameters => ({
    beta: beta.map((path) => path[name]),
    head: head.map((layers) => layers.map((layer) => layer[name])),
    stack: stack.map((layers) => layers.map((layer) => layer[name])),
  })
  return {
    parameters: part('parameters'),
    first: part('first'),
    second: part('second'),
    updates: part('updates'),
  }
}

/** The part of an architecture state that belongs to one softmax. */
type Vectors = { readonly [K in keyof ArchitectureState]: readonly number[] }

const vectorsOf = (
  { parameters, first, second, updates }: ArchitectureState,
  of: (parameters: ArchitectureParameters) => readonly number[],
): Vectors => ({
  parameters: of(parameters),
  first: of(first),
  second: of(second),
  updates: of(updates),
})

/** @param sampled indices of the parameters that are updated */
function adamStep(
  { parameters, first, second, updates }: Vectors,
  slopes: readonly number[],
  sampled: readonly number[],
  { learningRate, betas: [beta1, beta2], weightDecay }: ArchitectureOptimiser,
): Vectors {
  const next = {
    parameters: [...parameters],
    first: [...first],
    second: [...second],
    updates: [...updates],
  }
  for (const i of sampled) {
    const slope = slopes[i]! + weightDecay * parameters[i]!
    next.updates[i]! += 1
    next.first[i] = beta1 * first[i]! + (1 - beta1) * slope
    next.second[i] = beta2 * second[i]! + (1 - beta2) * slope ** 2
    const mean = next.first[i]! / (1 - beta1 ** next.updates[i]!)
    const deviation = Math.sqrt(next.second[i]! / (1 - beta2 ** next.updates[i]!))
    next.parameters[i]! -= (learningRate * mean) / (deviation + EPSILON)
  }
  return next
}
