import type { Burst } from '../../engines/time-runs.ts'
import type { Graph } from '../../graph/graph.ts'
import type { CostTable } from './expected-cost.ts'
import type { OperationGraphs } from './operation-graphs.ts'

/** The latencies of all operations of a space, in milliseconds. */
export interface Latencies {
  readonly costs: CostTable
  /** The fewest runs of any operation. */
  readonly runs: number
  /** The largest of any operation (see `Settled`). */
  readonly spread: number
}

/**
 * Of the bursts of an operation, those with the shortest runs must agree. Delays by other processes only ever add, so what
 * a machine can do shows in the shortest runs, and when these agree although minutes lie between them, they show just that.
 */
const AGREEING = 3
const AGREED = 0.05
/** An operation that has not settled by then never will: the machine is busy with something else. */
export const MOST_ROUNDS = 30

interface Settled {
  /** Median of the shortest. */
  readonly latency: number
  /** Their range, relative to the least or, of an operation that takes less than most, to the mean of all operations. */
  readonly spread: number
}

/**
 * Times each distinct operation in rounds through all of them, so that a while in which the machine is busy falls on one burst of
 * many operations instead of all bursts of a few. Rounds go on with those that have not settled. A skipped layer takes no time.
 * @param onTimed is told after each burst how many are done and how many there will be, at least
 */
export async function measureLatencies(
  { fixed, head, stack }: OperationGraphs,
  time: (graph: Graph) => Promise<Burst>,
  onTimed: (done: number, all: number) => void = () => {},
): Promise<Latencies> {
  const places = [...fixed, ...head.flat(2), ...stack.flat(2)].filter((graph) => graph !== null)
  const distinct = new Map(places.map((graph) => [structureOf(graph), { graph, bursts: [] as Burst[] }]))
  const operations: readonly Operation[] = [...distinct.values()]
  let done = 0
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const scale = meanOf(operations)
    const isUnsettled = ({ bursts }: Operation) => settled(bursts, scale).spread > AGREED
    const unsettled = operations.filter(isUnsettled)
    for (const [i, { graph, bursts }] of unsettled.entries()) {
      bursts.push(await time(graph))
      const left = unsettled.length - i - 1
      const again = round + 1 < MOST_ROUNDS ? unsettled.slice(0, i + 1).filter(isUnsettled).length : 0
      const later = Math.max(again, (AGREEING - round - 1) * unsettled.length)
      onTimed(++done, done + left + later)
    }
  }
  const scale = meanOf(operations)
  const latency = (graph: Graph | null) =>
    graph === null ? 0 : settled(distinct.get(structureOf(graph))!.bursts, scale).latency
  const latencies = (of: OperationGraphs['stack']) =>
    of.map((layers) => layers.map((candidates) => candidates.map(latency)))
  const runsOf = ({ bursts }: Operation) => bursts.reduce((sum, { runs }) => sum + runs, 0)
  return {
    costs: {
      fixed: fixed.map(latency).reduce((sum, each) => sum + each, 0),
      head: latencies(head),
      stack: latencies(stack),
    },
    runs: Math.min(...operations.map(runsOf)),
    spread: Math.max(...operations.map(({ bursts }) => settled(bursts, scale).spread)),
  }
}

interface Operation {
  readonly graph: Graph
  readonly bursts: Burst[]
}

/** Of the shortest runs; the sum over the operations of a network is what a search weighs. */
const meanOf = (operations: readonly { readonly bursts: readonly Burst[] }[]): number =>
  operations.reduce((sum, { bursts }) => sum + Math.min(...bursts.map(({ shortest }) => shortest)), 0) /
  operations.length

function settled(bursts: readonly Burst[], scale: number): Settled {
  if (bursts.length < AGREEING) return { latency: Number.NaN, spread: Number.POSITIVE_INFINITY }
  const best = bursts
    .map(({ shortest }) => shortest)
    .toSorted((a, b) => a - b)
    .slice(0, AGREEING)
  const [least, most] = [best[0]!, best.at(-1)!]
  return {
    latency: best[Math.floor(AGREEING / 2)]!,
    spread: most > least ? (most - least) / Math.max(least, scale) : 0,
  }
}

/** Equal for graphs that compute the same from inputs of the same shapes. */
const structureOf = ({ inputs, nodes }: Graph): string =>
  JSON.stringify([
    [...inputs],
    nodes.map(({ op, attributes, inputs, outputs }) => [op.name, attributes, inputs, outputs]),
  ])
