import { TrellisError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import { showShape, type Tensors } from '../tensor.ts'

/** Engines report a wrong input in their own words, or not at all: check before they see it. */
export function checkInputs(graph: Graph, inputs: Tensors): void {
  for (const [name, { type }] of graph.inputs) {
    const given = inputs[name]
    const found = given === undefined ? 'nothing' : `${given.dtype} ${showShape(given.shape)}`
    const wanted = `${type.dtype} ${showShape(type.shape)}`
    if (found !== wanted)
      throw new TrellisError('invalid-graph', `input ${name} must be ${wanted}, got ${found}`)
  }
}
