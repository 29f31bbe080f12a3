import type { Graph } from '../graph/graph.ts'
import type { Burst } from './time-runs.ts'

/** What graphs take, in milliseconds. */
export interface Measured {
  /** Of a graph that was measured. */
  latencyOf(graph: Graph): number
  /** The fewest runs of any graph. */
  readonly runs: number
  /** The largest of any graph (see `Settled`). */
  readonly spread: number
}

/**
 * Of the bursts of a graph, those with the shortest runs must agree. Delays by other processes only ever add, so what
 * a machine can do shows in the shortest runs, and when these agree although minutes lie between them, they show just that.
 */
const AGREEING = 3
const AGREED = 0.05
/** A graph that has not settled by then, after half a minute and more, never will: the machine is busy with something else. */
export const MOST_ROUNDS = 100

interface Settled {
  /** Median of the shortest. */
  readonly latency: number
  /** Their range, relative to the least or, of a graph that takes less than most, to the mean of all graphs. */
  readonly spread: number
}

/**
 * Times each distinct graph in rounds through all of them, so that a while in which the machine is busy falls on one burst of
 * many graphs instead of all bursts of a few. Rounds go on with those that have not settled.
 * @param onTimed is told after each burst how many are done and how many there will be, at least
 */
export async function measureGraphs(
  graphs: readonly Graph[],
  time: (graph: Graph) => Promise<Burst>,
  onTimed: (done: number, all: number) => void = () => {},
): Promise<Measured> {
  const distinct = new Map(graphs.map((graph) => [structureOf(graph), { graph, bursts: [] as Burst[] }]))
  const timed: readonly Timed[] = [...distinct.values()]
  let done = 0
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const scale = meanOf(timed)
    const isUnsettled = ({ bursts }: Timed) => settled(bursts, scale).spread > AGREED
    const unsettled = timed.filter(isUnsettled)
    for (const [i, { graph, bursts }] of unsettled.entries()) {
      bursts.push(await time(graph))
      const left = unsettled.length - i - 1
      const again = round + 1 < MOST_ROUNDS ? unsettled.slice(0, i + 1).filter(isUnsettled).length : 0
      const later = Math.max(again, (AGREEING - round - 1) * unsettled.length)
      onTimed(++done, done + left + later)
    }
  }
  const scale = meanOf(timed)
  const runsOf = ({ bursts }: Timed) => bursts.reduce((sum, { runs }) => sum + runs, 0)
  return {
    latencyOf: (graph) => settled(distinct.get(structureOf(graph))!.bursts, scale).latency,
    runs: Math.min(...timed.map(runsOf)),
    spread: Math.max(...timed.map(({ bursts }) => settled(bursts, scale).spread)),
  }
}

interface Timed {
  readonly graph: Graph
  readonly bursts: Burst[]
}

/** Of the shortest runs; the sum over the graphs of a network is what a search weighs. */
const meanOf = (timed: readonly { readonly bursts: readonly Burst[] }[]): number =>
  timed.reduce((sum, { bursts }) => sum + Math.min(...bursts.map(({ shortest }) => shortest)), 0) /
  timed.length

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
