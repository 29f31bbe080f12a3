import type { Timing } from '../../engines/time-runs.ts'
import type { Graph } from '../../graph/graph.ts'
import type { CostTable } from './expected-cost.ts'
import type { OperationGraphs } from './operation-graphs.ts'

/** The latencies of all operations of a space, in milliseconds. */
export interface Latencies {
  readonly costs: CostTable
  /** The fewest runs of any operation. */
  readonly runs: number
  /** The largest of any operation. */
  readonly spread: number
}

/** Times each distinct operation once. A skipped layer takes no time. */
export async function measureLatencies(
  { fixed, head, stack }: OperationGraphs,
  time: (graph: Graph) => Promise<Timing>,
  onTimed: (done: number, all: number) => void = () => {},
): Promise<Latencies> {
  const places = [...fixed, ...head.flat(2), ...stack.flat(2)].filter((graph) => graph !== null)
  const distinct = new Map(places.map((graph) => [structureOf(graph), graph]))
  const timings = new Map<string, Timing>()
  for (const [structure, graph] of distinct) {
    timings.set(structure, await time(graph))
    onTimed(timings.size, distinct.size)
  }
  const median = (graph: Graph | null) => (graph === null ? 0 : timings.get(structureOf(graph))!.median)
  const medians = (of: OperationGraphs['stack']) =>
    of.map((layers) => layers.map((candidates) => candidates.map(median)))
  const all = [...timings.values()]
  return {
    costs: {
      fixed: fixed.map(median).reduce((sum, each) => sum + each, 0),
      head: medians(head),
      stack: medians(stack),
    },
    runs: Math.min(...all.map(({ runs }) => runs)),
    spread: Math.max(...all.map(({ spread }) => spread)),
  }
}

/** Equal for graphs that compute the same from inputs of the same shapes. */
const structureOf = ({ inputs, nodes }: Graph): string =>
  JSON.stringify([
    [...inputs],
    nodes.map(({ op, attributes, inputs, outputs }) => [op.name, attributes, inputs, outputs]),
  ])
