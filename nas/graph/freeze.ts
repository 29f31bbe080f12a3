import { TrellisError } from '../errors.ts'
import type { Tensors } from '../tensor.ts'
import type { Graph } from './graph.ts'

/**
 * A network with its weights: its parameters become constants, which engines can fold.
 * @throws TrellisError `invalid-checkpoint` naming the first parameter that has no value
 */
export function freeze(graph: Graph, weights: Tensors): Graph {
  const constants = [...graph.parameters].map(([name, { value }]) => {
    const tensor = weights[name]
    if (tensor === undefined)
      throw new TrellisError('invalid-checkpoint', `parameter ${name} of the network has no value`)
    return { tensor, value }
  })
  return { ...graph, parameters: new Map(), constants: [...graph.constants, ...constants] }
}
