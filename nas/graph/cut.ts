import type { Graph, Node, Value } from './graph.ts'

/** Two graphs that run one after the other on one state, and together do what one graph did. */
export interface Halves {
  readonly first: Graph
  readonly second: Graph
  /** What the first leaves in the state for the second, by the names of parameters. */
  readonly kept: readonly string[]
}

/**
 * Cuts a graph in two, such as a training step in its forward and its backward pass, so that others can come between them.
 * What the second half reads of the first becomes a parameter that the first updates: `<scope>:<number>`.
 * @param isFirst whether a node belongs to the first half; none of those may read a node of the second.
 */
export function cut(graph: Graph, scope: string, isFirst: (node: Node) => boolean): Halves {
  const nodes = [graph.nodes.filter(isFirst), graph.nodes.filter((node) => !isFirst(node))] as const
  const computed = new Map(nodes[0].flatMap(({ outputs }) => outputs).map((value) => [value.id, value]))
  const read = new Set(nodes[1].flatMap(({ inputs }) => inputs.map(({ id }) => id)))
  const kept = new Map(
    [...computed.values()]
      .filter(({ id }) => read.has(id))
      .map((value): [string, Value] => [`${scope}:${value.id}`, value]),
  )

  const half = (half: 0 | 1): Graph => {
    const used = new Set(nodes[half].flatMap(({ inputs }) => inputs.map(({ id }) => id)))
    const ends = (values: ReadonlyMap<string, Value>) =>
      new Map([...values].filter(([, { id }]) => computed.has(id) === (half === 0)))
    return {
      inputs: new Map([...graph.inputs].filter(([, { id }]) => used.has(id))),
      parameters: new Map([...graph.parameters].filter(([, { value }]) => used.has(value.id))),
      constants: graph.constants.filter(({ value }) => used.has(value.id)),
      nodes: nodes[half],
      outputs: ends(graph.outputs),
      updates: ends(graph.updates),
    }
  }
  const [first, second] = [half(0), half(1)]
  const part = { of: graph, kept: new Set(kept.keys()) }
  return {
    first: { ...first, updates: new Map([...first.updates, ...kept]), part },
    second: { ...second, parameters: new Map([...second.parameters, ...[...kept].map(asParameter)]), part },
    kept: [...kept.keys()],
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
