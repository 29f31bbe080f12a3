import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import {
  type CostTable,
  chainedCost,
  multiObjectiveLoss,
  summedCost,
} from '../../../../nas/spaces/densenas/expected-cost.ts'
import { relax } from '../../../../nas/spaces/densenas/relaxation.ts'
import { blocksOf, type DenseNasSpace } from '../../../../nas/spaces/densenas/space.ts'
import { parametersOf, pathsOf, smallSpace } from './parameters.ts'

/** Blocks 0, 1, 2 and the last convolution, each connected to the next two. */
const space: DenseNasSpace = {
  operations: ['mbconv_k3_t3'],
  stages: [
    { stride: 2, widths: [8], layers: 0 },
    { stride: 2, widths: [16, 24], layers: 1 },
  ],
  reach: 2,
  last: 32,
}
const costs: CostTable = {
  fixed: 100,
  head: [[], [[10]], [[20], [30]], [[5], [7]]],
  stack: [[], [[4, 0]], [[6, 0]], []],
}
const even = relax(parametersOf(space, () => 0))

describe('the expected cost', () => {
  it('of the paper adds up all layers, head layers weighted by the path into them', () => {
    const heads = [0.5 * 10, 0.5 * 20 + 0.5 * 30, 1 * 5 + 0.5 * 7]
    const stacks = [0.5 * 4, 0.5 * 6]
    expect(summedCost(space, even, costs)).toBeCloseTo(
      [...heads, ...stacks].reduce((a, b) => a + b, 100),
      12,
    )
  })

  it('of the released code follows the paths', () => {
    const from1 = 0.5 * (20 + 3 + 5) + 0.5 * 7
    const from0 = 0.5 * (10 + 2 + from1) + 0.5 * (30 + 3 + 5)
    expect(chainedCost(space, even, costs)).toBeCloseTo(100 + from0, 12)
  })

  it('of the released code is the mean over all paths by their probabilities', () => {
    fc.assert(
      fc.property(smallSpace, fc.integer(), (any, seed) => {
        const rng = random(seed)
        const relaxation = relax(parametersOf(any, rng.normal))
        const { head, stack } = parametersOf(any, rng.uniform)
        const blocks = blocksOf(any)
        const dot = (a: readonly number[], b: readonly number[]) =>
          a.reduce((sum, x, i) => sum + x * b[i]!, 0)
        const mean = pathsOf(any).reduce((total, path) => {
          let [probability, cost] = [1, 0]
          for (const [step, to] of path.slice(1).entries()) {
            const from = path[step]!
            const input = blocks[to]!.inputs.indexOf(from)
            probability *= relaxation.paths[from]![blocks[from]!.outputs.indexOf(to)]!
            cost += dot(relaxation.head[to]![input]!, head[to]![input]!)
            for (const [l, layer] of stack[to]!.entries()) cost += dot(relaxation.stack[to]![l]!, layer)
          }
          return total + probability * cost
        }, 0)
        expect(chainedCost(any, relaxation, { fixed: 0, head, stack })).toBeCloseTo(mean, 9)
      }),
    )
  })
})

describe('the loss', () => {
  it('is the one of the check vector', () => {
    expect(multiObjectiveLoss(1.5, 20, { lambda: 0.15, tau: 15 })).toBeCloseTo(1.6659348267806127, 15)
  })
})

describe('the relaxation', () => {
  it("normalises a block's outputs and a layer's operations, whatever is added to their parameters", () => {
    const shifted = relax({
      beta: [[1001, 1001 + Math.log(3)]],
      head: [[[-5, -5]]],
      stack: [[[0, 0, Math.log(2)]]],
    })
    expect(shifted.paths[0]![1]).toBeCloseTo(0.75, 12)
    expect(shifted.head).toEqual([[[0.5, 0.5]]])
    expect(shifted.stack[0]![0]![2]).toBeCloseTo(0.5, 12)
  })
})
