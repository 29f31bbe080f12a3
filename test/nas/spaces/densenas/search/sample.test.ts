import { describe, expect, it } from 'vitest'
import { random } from '../../../../../nas/random.ts'
import { DENSENAS_SPACES } from '../../../../../nas/spaces/densenas/presets.ts'
import { relax } from '../../../../../nas/spaces/densenas/relaxation.ts'
import { gated, sampleOperations } from '../../../../../nas/spaces/densenas/search/sample.ts'
import { supernet } from '../../../../../nas/spaces/densenas/supernet.ts'
import { parametersOf } from '../parameters.ts'

const space = DENSENAS_SPACES['densenas-tiny']
const net = supernet(space, { batch: 1, image: 32, classes: 2 })
const relaxation = relax(parametersOf(space, random(1).normal))

describe('drop-path', () => {
  it('draws as many different operations of each layer as asked for, or all', () => {
    const { head, stack } = sampleOperations(relaxation, 2, random(3))
    for (const sampled of [...head.slice(0, -1), ...stack].flat()) {
      expect(sampled).toHaveLength(2)
      expect(sampled[0]).toBeLessThan(sampled[1]!)
    }
    expect(head.at(-1)).toEqual([[0], [0]])
  })

  it('draws operations as often as their weights say, one after the other', () => {
    const weights = [0.5, 0.3, 0.2]
    const counts = new Map<string, number>()
    const draws = 20_000
    const rng = random(4)
    for (let i = 0; i < draws; i++) {
      const { stack } = sampleOperations({ head: [], stack: [[weights]] }, 2, rng)
      const pair = stack[0]![0]!.join()
      counts.set(pair, (counts.get(pair) ?? 0) + 1)
    }
    const inTurn = (first: number, second: number) =>
      (weights[first]! * weights[second]!) / (1 - weights[first]!)
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect(counts.get(`${a},${b}`)! / draws).toBeCloseTo(inTurn(a, b) + inTurn(b, a), 1.5)
  })

  it('weighs the sampled as if they were all, and head layers by their paths', () => {
    const sample = sampleOperations(relaxation, 2, random(5))
    const operations = gated(net, relaxation, sample)
    for (const layer of net.layers) {
      const gates = operations.filter((each) => each.layer === layer).map(({ gate }) => gate)
      const { connection } = layer
      const path = connection === null ? 1 : relaxation.paths[connection.block]![connection.output]!
      expect(gates.reduce((sum, gate) => sum + gate, 0)).toBeCloseTo(path, 12)
    }
  })

  it('takes a single operation as it is', () => {
    const operations = gated(net, relaxation, sampleOperations(relaxation, 1, random(6)))
    for (const { layer, gate } of operations) if (layer.kind === 'stack') expect(gate).toBe(1)
  })
})
