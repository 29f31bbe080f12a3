import type { GraphBuilder } from '../graph/builder.ts'
import type { Parameter, Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { mul } from '../graph/ops/mul.ts'

/** A parameter that a training step changes. */
export interface Trained {
  readonly parameter: Parameter
  readonly value: Value
}

/**
 * Adds the update of each parameter to a graph, from its gradient and a scalar learning rate. The state of an optimiser is
 * in slots that it declares.
 */
export type Optimiser = (
  graph: GraphBuilder,
  trained: readonly Trained[],
  gradients: readonly Value[],
  learningRate: Value,
) => void

/** A number, or one number for each of a parameter's, that starts at 0 and lives in the state beside the parameters. */
export const slot = (graph: GraphBuilder, name: string, shape: readonly number[]): Value =>
  graph.parameter(name, {
    dtype: 'float32',
    shape,
    role: 'stat',
    initialiser: { kind: 'constant', value: 0 },
  })

/**
 * L2 regularisation of weights and, as DARTS has it, of architecture parameters: d/dw (decay/2 · w²) = decay · w joins
 * the gradient.
 */
export function withWeightDecay(
  graph: GraphBuilder,
  { parameter: { role, decayed = true }, value }: Trained,
  gradient: Value,
  decay: number,
): Value {
  const decays = decay > 0 && decayed && (role === 'weight' || role === 'arch')
  return decays ? add(graph, gradient, mul(graph, value, graph.scalar(decay))) : gradient
}
