import { sizeOf } from '../tensor.ts'
import type { Graph } from './graph.ts'

/** The size of a network and the cost of one forward run, for the batch in its input shapes. */
export interface Cost {
  /** All trainable numbers: convolutions, linear layers, normalisation, biases. */
  readonly parameters: number
  /** Numbers in the filters of convolutions alone. */
  readonly convolutionWeights: number
  /** Multiply-adds of convolutions, linear layers and matrix products. */
  readonly multiplyAdds: number
  /** Bytes read and written by all nodes, each tensor counted once a use. */
  readonly memoryTraffic: number
}

/** Operations whose second input is a filter. */
const CONVOLUTIONS: ReadonlySet<string> = new Set(['conv2d', 'biased-conv2d'])

/** The cost of a graph, or of its nodes in `scope`; no tensor is allocated. */
export function cost(graph: Graph, scope = ''): Cost {
  const inside = (name: string) => scope === '' || name === scope || name.startsWith(`${scope}/`)
  const parameters = [...graph.parameters.values()].filter(
    ({ parameter: { name, role } }) => inside(name) && role !== 'stat',
  )
  const filters = new Set(
    graph.nodes.flatMap(({ op, inputs }) => (CONVOLUTIONS.has(op.name) ? [inputs[1]!.id] : [])),
  )
  const nodes = graph.nodes.filter((node) => inside(node.scope))
  const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)
  return {
    parameters: total(parameters.map(({ value }) => sizeOf(value.type.shape))),
    convolutionWeights: total(
      parameters.filter(({ value }) => filters.has(value.id)).map(({ value }) => sizeOf(value.type.shape)),
    ),
    multiplyAdds: total(
      nodes.map(
        ({ op, inputs, outputs, attributes }) =>
          op.multiplyAdds?.(
            { inputs: inputs.map((v) => v.type), outputs: outputs.map((v) => v.type) },
            attributes,
          ) ?? 0,
      ),
    ),
    memoryTraffic: total(
      nodes.flatMap(({ inputs, outputs }) =>
        [...inputs, ...outputs].map((value) => 4 * sizeOf(value.type.shape)),
      ),
    ),
  }
}
