import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import type { Optimiser } from '../optimiser.ts'
import { isWeight } from '../step.ts'

/** What a part is trained for. */
export interface TrainTarget {
  /** Values of the forward pass by which the loss is differentiated. */
  readonly values: readonly Value[]
  /** Adds the nodes that use the gradients. @returns outputs of the program that computes them */
  readonly apply: (gradients: readonly Value[]) => Readonly<Record<string, Value>>
}

/** For a part that only passes on gradients. */
export const NO_TARGET: TrainTarget = { values: [], apply: () => ({}) }

/** Updates all weights that the graph has so far. The program that does so takes the scalar `learningRate`. */
export function weightsTarget(graph: GraphBuilder, optimiser: Optimiser): TrainTarget {
  const trained = [...graph.parameters.values()].filter(({ parameter }) => isWeight(parameter))
  if (trained.length === 0) return NO_TARGET
  return {
    values: trained.map(({ value }) => value),
    apply(gradients) {
      optimiser(graph, trained, gradients, graph.input('learningRate', { dtype: 'float32', shape: [] }))
      return {}
    },
  }
}
