import { expect, test } from 'vitest'
import { cost } from '../../../../nas/graph/cost.ts'
import type { Graph } from '../../../../nas/graph/graph.ts'
import { measureLatencies } from '../../../../nas/spaces/densenas/latencies.ts'
import { multiplyAddsTable, operationGraphs } from '../../../../nas/spaces/densenas/operation-graphs.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'

const space = DENSENAS_SPACES['densenas-cifar']
const task = { image: 32, classes: 10 }
const graphs = operationGraphs(space, { ...task, batch: 1 })

/** Takes as long as it has multiply-adds. */
const counting = () => {
  const timed: Graph[] = []
  const time = async (graph: Graph) => {
    timed.push(graph)
    return { median: cost(graph).multiplyAdds, spread: timed.length / 1000, runs: 20 - (timed.length % 2) }
  }
  return { timed, time }
}

test('every operation of the space gets its own latency, at its own place', async () => {
  const { costs } = await measureLatencies(graphs, counting().time)
  expect(costs).toEqual(multiplyAddsTable(space, task))
})

test('operations of equal shapes are timed once, and skipping never', async () => {
  const { timed, time } = counting()
  const told: number[][] = []
  const { runs, spread } = await measureLatencies(graphs, time, (...progress) => told.push(progress))
  const places = [...graphs.fixed, ...graphs.head.flat(2), ...graphs.stack.flat(2)].filter((g) => g !== null)
  // A stacking layer is what the other of its block is.
  const repeated = graphs.stack.reduce((sum, layers) => sum + (layers.length === 2 ? 6 : 0), 0)
  expect(timed.length).toBe(places.length - repeated)
  expect(told).toEqual(timed.map((_, i) => [i + 1, timed.length]))
  expect(runs).toBe(19)
  expect(spread).toBe(timed.length / 1000)
})
