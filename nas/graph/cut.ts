import { TrellisError } from '../errors.ts'
import type { Graph, Node, Value } from './graph.ts'

/** Two graphs that run one after the other on one state, and together compute what the whole graph does. */
export interface Cut {
  readonly first: Graph
  readonly second: Graph
  /** Names in the state of the activations that the first half saves for the second. */
  readonly savedActivations: readonly string[]
}

/**
 * Cuts a graph in two, so that something can come between the halves: other programs between the forward and the backward
 * pass of a training step, or the host, which computes inputs of the second half from outputs of the first.
 *
 * What the second half reads of the first becomes a parameter that the first updates: `<scope>:<number>`. A parameter keeps
 * its value until the second half has read it, also where the first half computes the next one.
 * @param isFirst whether a node belongs to the first half, such as {@link ancestorsOf}.
 * @throws invalid-graph where a node of the first half reads one of the second.
 */
export function cut(graph: Graph, scope: string, isFirst: (node: Node) => boolean): Cut {
  const nodes = { first: graph.nodes.filter(isFirst), second: graph.nodes.filter((node) => !isFirst(node)) }
  checkOrder(nodes)
  const computed = new Map(nodes.first.flatMap(({ outputs }) => outputs).map((value) => [value.id, value]))
  const isComputed = ([, { id }]: readonly [string, Value]) => computed.has(id)

  const readBySecond = new Set(nodes.second.flatMap(({ inputs }) => inputs.map(({ id }) => id)))
  const isReadBySecond = (parameter: string) => {
    const known = graph.parameters.get(parameter)
    return known !== undefined && readBySecond.has(known.value.id)
  }
  const [outputs, updates] = [[...graph.outputs], [...graph.updates]]
  const updatesOfFirst = updates.filter((each) => isComputed(each) && !isReadBySecond(each[0]))
  const updatesOfSecond = updates.filter((each) => !updatesOfFirst.includes(each))

  const needed = new Set([...readBySecond, ...updatesOfSecond.map(([, { id }]) => id)])
  const saved = [...computed.values()]
    .filter(({ id }) => needed.has(id))
    .map((value): [string, Value] => [`${scope}:${value.id}`, value])
  const part = { of: graph, saved: new Set(saved.map(([name]) => name)) }
  const first = half(graph, nodes.first, outputs.filter(isComputed), updatesOfFirst)
  const second = half(
    graph,
    nodes.second,
    outputs.filter((each) => !isComputed(each)),
    updatesOfSecond,
  )
  return {
    first: { ...first, updates: new Map([...first.updates, ...saved]), part },
    second: { ...second, parameters: new Map([...second.parameters, ...saved.map(asParameter)]), part },
    savedActivations: saved.map(([name]) => name),
  }
}

/** Whether a node is one that outputs of a graph depend on: everything that runs before the host reads them. */
export function ancestorsOf(graph: Graph, outputs: readonly string[]): (node: Node) => boolean {
  const needed = new Set(outputs.map((name) => graph.outputs.get(name)?.id))
  const ancestors = new Set<Node>()
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue
    ancestors.add(node)
    for (const { id } of node.inputs) needed.add(id)
  }
  return (node) => ancestors.has(node)
}

function checkOrder({
  first,
  second,
}: {
  readonly first: readonly Node[]
  readonly second: readonly Node[]
}) {
  const later = new Set(second.flatMap(({ outputs }) => outputs.map(({ id }) => id)))
  const early = first.find(({ inputs }) => inputs.some(({ id }) => later.has(id)))
  if (early !== undefined)
    throw new TrellisError(
      'invalid-graph',
      `${early.scope}: ${early.op.name} is in the first half of a cut, but reads the second`,
    )
}

/** Some nodes of a graph, with the inputs, parameters and constants that they read. */
function half(
  graph: Graph,
  nodes: readonly Node[],
  outputs: readonly (readonly [string, Value])[],
  updates: readonly (readonly [string, Value])[],
): Graph {
  const results = [...outputs, ...updates].map(([, value]) => value)
  const used = new Set([...nodes.flatMap(({ inputs }) => inputs), ...results].map(({ id }) => id))
  return {
    inputs: new Map([...graph.inputs].filter(([, { id }]) => used.has(id))),
    parameters: new Map([...graph.parameters].filter(([, { value }]) => used.has(value.id))),
    constants: graph.constants.filter(({ value }) => used.has(value.id)),
    nodes,
    outputs: new Map(outputs),
    updates: new Map(updates),
  }
}

const asParameter = ([name, value]: readonly [string, Value]) =>
  [
    name,
    {
      value,
      parameter: {
        ...value.type,
        name,
        role: 'feature',
        initialiser: { kind: 'constant', value: 0 },
      },
    },
  ] as const
