import { type Measured, measureGraphs } from '../../engines/measure-graphs.ts'
import type { Burst } from '../../engines/time-runs.ts'
import type { Graph } from '../../graph/graph.ts'
import type { CostTable } from './expected-cost.ts'
import type { OperationGraphs } from './operation-graphs.ts'

/** The latencies of all operations of a space, in milliseconds. */
export interface Latencies extends Pick<Measured, 'runs' | 'spread'> {
  readonly costs: CostTable
}

/** Measures each distinct operation: see `measureGraphs`. A skipped layer takes no time. */
export async function measureLatencies(
  { fixed, head, stack }: OperationGraphs,
  time: (graph: Graph) => Promise<Burst>,
  onTimed?: (done: number, all: number) => void,
): Promise<Latencies> {
  const places = [...fixed, ...head.flat(2), ...stack.flat(2)].filter((graph) => graph !== null)
  const { latencyOf, ...measured } = await measureGraphs(places, time, onTimed)
  const latency = (graph: Graph | null) => (graph === null ? 0 : latencyOf(graph))
  const latencies = (of: OperationGraphs['stack']) =>
    of.map((layers) => layers.map((candidates) => candidates.map(latency)))
  return {
    costs: {
      fixed: fixed.map(latency).reduce((sum, each) => sum + each, 0),
      head: latencies(head),
      stack: latencies(stack),
    },
    ...measured,
  }
}
