import { TrellisError } from '../errors.ts'
import { showShape } from '../tensor.ts'
import type { GraphBuilder } from './builder.ts'
import type { Value } from './graph.ts'
import { add } from './ops/add.ts'
import { broadcastTo } from './ops/broadcast-to.ts'

/**
 * Reverse-mode differentiation: adds to the graph the nodes that compute d loss / d value for each of `values`.
 *
 * Only nodes between `values` and the loss are differentiated: cached features, labels and frozen layers cost nothing.
 * @param loss a scalar.
 * @returns gradients in the order of `values`, each of its value's shape.
 * @throws invalid-graph where the loss does not depend on a value, or an operation between them has no gradient.
 */
export function gradient(graph: GraphBuilder, loss: Value, values: readonly Value[]): Value[] {
  if (loss.type.shape.length > 0)
    throw new TrellisError(
      'invalid-graph',
      `gradient of a loss of shape ${showShape(loss.type.shape)}: it must be a scalar`,
    )

  return pullBack(graph, loss, graph.scalar(1), values)
}

/**
 * The vector-Jacobian product of a part of a network, whose output is not the loss: the gradients of the loss by `values` from
 * its gradient by the output.
 * @param outputGradient of the output's shape.
 * @throws invalid-graph as {@link gradient} does.
 */
export function pullBack(
  graph: GraphBuilder,
  output: Value,
  outputGradient: Value,
  values: readonly Value[],
): Value[] {
  const nodes = [...graph.nodes]
  const dependent = new Set(values.map((value) => value.id))
  for (const node of nodes)
    if (node.inputs.some((value) => dependent.has(value.id)))
      for (const value of node.outputs) dependent.add(value.id)

  const gradients = new Map<number, Value>([[output.id, outputGradient]])
  for (const node of nodes.reverse()) {
    const outputGradients = node.outputs.map((value) => gradients.get(value.id))
    const needed = node.inputs.map((value) => dependent.has(value.id))
    if (!needed.includes(true) || outputGradients.every((value) => value === undefined)) continue
    const rule = node.op.gradient
    if (rule === undefined)
      throw new TrellisError('invalid-graph', `${node.scope}: ${node.op.name} has no gradient`)
    const { attributes, inputs, outputs } = node
    const inputGradients = graph.within('gradient', () =>
      graph.within(node.scope, () =>
        rule({
          graph,
          attributes,
          inputs,
          outputs,
          gradients: outputGradients,
          needed,
          broadcastTo: (value, shape) => broadcastTo(graph, value, shape),
        }),
      ),
    )
    inputs.forEach((input, i) => {
      const contribution = needed[i] ? inputGradients[i] : undefined
      if (contribution === undefined) return
      const sum = gradients.get(input.id)
      gradients.set(input.id, sum === undefined ? contribution : add(graph, sum, contribution))
    })
  }

  return values.map((value) => {
    const result = gradients.get(value.id)
    if (result === undefined) {
      const name =
        [...graph.parameters].find(([, parameter]) => parameter.value.id === value.id)?.[0] ??
        `value ${value.id}`
      throw new TrellisError('invalid-graph', `the loss does not depend on ${name}`)
    }
    return result
  })
}
