import { describe, expect, test } from 'vitest'
import { MOST_ROUNDS } from '../../../../nas/engines/measure-graphs.ts'
import { cost } from '../../../../nas/graph/cost.ts'
import type { Graph } from '../../../../nas/graph/graph.ts'
import { random } from '../../../../nas/random.ts'
import { measureLatencies } from '../../../../nas/spaces/densenas/latencies.ts'
import { multiplyAddsTable, operationGraphs } from '../../../../nas/spaces/densenas/operation-graphs.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'

const space = DENSENAS_SPACES['densenas-cifar']
const task = { image: 32, classes: 10 }
const graphs = operationGraphs(space, { ...task, batch: 1 })
const places = [...graphs.fixed, ...graphs.head.flat(2), ...graphs.stack.flat(2)].filter((g) => g !== null)
/** A stacking layer is what the other of its block is. */
const repeated = graphs.stack.reduce((sum, layers) => sum + (layers.length === 2 ? 6 : 0), 0)
const distinct = places.length - repeated

/** Each operation takes as long as it has multiply-adds, times a delay. */
function machine(delay: (burst: number) => number) {
  const timed: Graph[] = []
  const time = async (graph: Graph) => {
    timed.push(graph)
    return { shortest: cost(graph).multiplyAdds * delay(timed.length), runs: 20 + (timed.length % 2) }
  }
  return { timed, time }
}

describe('latencies', () => {
  test('are those of the operations, each at its own place', async () => {
    const { costs, spread } = await measureLatencies(graphs, machine(() => 1).time)
    expect(costs).toEqual(multiplyAddsTable(space, task))
    expect(spread).toBe(0)
  })

  test('of operations of equal shapes are timed together, in three rounds, and of skipping never', async () => {
    const { timed, time } = machine(() => 1)
    const told: number[][] = []
    const { runs } = await measureLatencies(graphs, time, (...progress) => told.push(progress))
    expect(timed.length).toBe(3 * distinct)
    expect(timed.slice(0, distinct)).toEqual(timed.slice(distinct, 2 * distinct))
    expect(told).toEqual(timed.map((_, i) => [i + 1, timed.length]))
    expect(runs).toBe(61)
  })

  test('are right on a machine that is busy for a while, which makes all that it does then much slower', async () => {
    const { time } = machine((burst) => (burst > 20 && burst < 1.5 * distinct ? 30 : 1))
    const { costs, spread } = await measureLatencies(graphs, time)
    expect(costs).toEqual(multiplyAddsTable(space, task))
    expect(spread).toBe(0)
  })

  test('are close on one that delays most bursts, by some more and by some less', async () => {
    const rng = random(0, 'delays')
    const { timed, time } = machine(() => 1 + (rng.uniform() < 0.3 ? 0.02 : 5) * rng.uniform())
    const { costs, spread } = await measureLatencies(graphs, time)
    expect(spread).toBeLessThanOrEqual(0.05)
    expect(timed.length).toBeGreaterThan(3 * distinct)
    const sum = ({ fixed, head, stack }: typeof costs) =>
      [fixed, ...head.flat(2), ...stack.flat(2)].reduce((total, each) => total + each, 0)
    expect(sum(costs) / sum(multiplyAddsTable(space, task))).toBeGreaterThanOrEqual(1)
    expect(sum(costs) / sum(multiplyAddsTable(space, task))).toBeLessThan(1.1)
  })

  test('that never settle end after a number of rounds, and tell by how much they vary', async () => {
    let factor = 1
    const { timed, time } = machine(() => {
      factor *= 1.01
      return factor
    })
    const left: number[] = []
    const { spread } = await measureLatencies(graphs, time, (done, all) => left.push(all - done))
    // Until the last round, none is near its end.
    expect(Math.min(...left.slice(0, -distinct))).toBeGreaterThan(0)
    // The smallest matter less and less.
    expect(timed.length).toBeGreaterThan(0.9 * MOST_ROUNDS * distinct)
    expect(spread).toBeGreaterThan(1)
  })
})
