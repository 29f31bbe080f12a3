import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { cost } from '../../../../nas/graph/cost.ts'
import {
  architectureParametersOf,
  architectureWeights,
  decode,
} from '../../../../nas/spaces/auto-fpn/architecture-parameters.ts'
import {
  expectedCost,
  expectedCostOf,
  headCosts,
  neckCosts,
  normalisedCosts,
  operatorCost,
  type PerCandidate,
} from '../../../../nas/spaces/auto-fpn/cost.ts'
import { linked, sourceOf } from '../../../../nas/spaces/auto-fpn/layers.ts'
import { decoded } from '../../../../nas/spaces/auto-fpn/mixture.ts'
import {
  HEAD_OPERATORS,
  NECK_OPERATORS,
  OPERATIONS,
  type Operator,
} from '../../../../nas/spaces/auto-fpn/operators.ts'
import { type AutoFpnDimensions, PUBLISHED } from '../../../../nas/spaces/auto-fpn/space.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { evaluate } from '../../graph/check-op.ts'
import { engine } from '../../nets/networks.ts'
import { contextOf, graphOf } from './modules.ts'

const levels = [200 * 336, 100 * 168, 50 * 84, 25 * 42]
const neck = neckCosts(levels, { layers: 2, channels: 256 })
const head = headCosts({ cells: 2, channels: 512, regions: 512 })
const only = (costs: typeof neck, index: 'parameters' | 'multiplyAdds' | 'memoryAccess'): PerCandidate =>
  costs.map((links) => links.map((candidates) => candidates.map((candidate) => candidate[index])))
const uniform = (costs: PerCandidate | typeof neck): PerCandidate =>
  costs.map((links) => links.map((candidates) => candidates.map(() => 1 / 8)))

describe('the cost of an operator', () => {
  test.each(Object.keys(OPERATIONS) as Operator[])(
    '%s: parameters and multiply-adds of its graph',
    (operator) => {
      const graph = graphOf({ x: [1, 16, 9, 5] }, (graph, x) => {
        const context = contextOf(graph)
        const y = linked(context, sourceOf(context, x!), decoded(operator), { links: 1, batchNorm: false })
        return y === undefined ? {} : { y }
      })
      const { parameters, multiplyAdds } = cost(graph)
      expect(operatorCost(operator, { channels: 16, pixels: 45 })).toMatchObject({ parameters, multiplyAdds })
    },
  )

  test('memory access is what convolutions read and write, and tells identity from none', () => {
    const access = (operator: Operator) => operatorCost(operator, { channels: 16, pixels: 45 }).memoryAccess
    expect(access('none')).toBe(0)
    expect(access('identity')).toBe(2 * 16 * 45)
    expect(access('conv_3x3')).toBe(2 * 16 * 45 + 9 * 256)
    expect(access('sep_conv_3x3')).toBe(2 * 16 * 45 + 9 * 16 + (2 * 16 * 45 + 256))
  })
})

describe('C(alpha, beta)', () => {
  test('of even weights is 52,416 parameters a link of the neck, 1,677,312 in all', () => {
    const parameters = only(neck, 'parameters')
    expect(expectedCost(uniform(neck), parameters)).toBe(1_677_312)
    expect(expectedCost([[uniform(neck)[0]![0]!]], [[parameters[0]![0]!]])).toBe(52_416)
  })

  test('counts a link at the resolution of its source', () => {
    const one = (link: number) => neck[0]![link]![6]!.multiplyAdds
    // Links 1 and 4 go from level 1 to level 0, and back.
    expect([one(1), one(4)]).toEqual([levels[1]! * 67_840, levels[0]! * 67_840])
  })

  test.each([
    ['neck', neck, 3],
    // A convolution over all channels has more weights than a separable one, but passes over memory once instead of twice.
    ['head', head, 2.53],
  ] as const)(
    'of a %s is 0 for none alone, and largest for the most expensive operators',
    (_, costs, most) => {
      const normalised = normalisedCosts(costs)
      const costOf = (choice: (candidates: readonly number[]) => number) =>
        expectedCost(
          normalised.map((links) =>
            links.map((candidates) => candidates.map((_, k) => Number(k === choice(candidates)))),
          ),
          normalised,
        )
      expect(costOf(() => 0)).toBe(0)
      expect(costOf((candidates) => candidates.indexOf(Math.max(...candidates)))).toBeCloseTo(most, 2)
      const ofIdentities = costOf(() => 1)
      expect(ofIdentities).toBeGreaterThan(0)
      expect(ofIdentities).toBeLessThan(0.6)
    },
  )

  test('is linear in the weights', () => {
    const normalised = normalisedCosts(neck)
    const weights = (seed: number): PerCandidate =>
      normalised.map((links, l) =>
        links.map((each, i) => each.map((_, k) => Math.sin(seed + l + 3 * i + 7 * k) ** 2)),
      )
    const [a, b] = [weights(1), weights(2)]
    const between = a.map((links, l) =>
      links.map((each, i) => each.map((weight, k) => 0.3 * weight + 0.7 * b[l]![i]![k]!)),
    )
    expect(expectedCost(between, normalised)).toBeCloseTo(
      0.3 * expectedCost(a, normalised) + 0.7 * expectedCost(b, normalised),
      10,
    )
  })

  test('is the same in a graph', async () => {
    const graph = new GraphBuilder()
    const { alpha, beta } = architectureWeights(graph, PUBLISHED)
    const costs = [neck, head].map(normalisedCosts)
    const built = graph.build({
      neck: expectedCostOf(graph, alpha, costs[0]!),
      head: expectedCostOf(graph, beta, costs[1]!),
    })
    const zeros = Object.fromEntries(
      [...built.parameters].map(([name, { value }]) => {
        const { shape } = value.type
        return [name, float32(shape, new Float32Array(shape[0]! * shape[1]!))]
      }),
    )
    const found = await evaluate(await engine, built, zeros)
    expect(found.neck!.data[0]).toBeCloseTo(expectedCost(uniform(neck), costs[0]!), 5)
    expect(found.head!.data[0]).toBeCloseTo(expectedCost(uniform(head), costs[1]!), 5)
  })
})

describe('architecture parameters', () => {
  const dimensions: AutoFpnDimensions = { neck: { levels: 2, layers: 2 }, head: { cells: 1 } }
  const graph = new GraphBuilder()
  architectureWeights(graph, dimensions)

  test('belong to the architecture, one for every operator of every link', () => {
    expect(
      [...graph.parameters.values()].map(({ parameter: { name, shape, role } }) => [name, shape, role]),
    ).toEqual([
      ['neck/layer0/alpha', [4, 8], 'arch'],
      ['neck/layer1/alpha', [4, 8], 'arch'],
      ['head/cell0/beta', [14, 8], 'arch'],
    ])
  })

  test('decode to the operator with the largest, the first of equal ones', () => {
    const parameters = architectureParametersOf(dimensions, initialise(graph.parameters, 1))
    const alpha = parameters.alpha.with(0, [
      [0, 0, 0, 0, 0, 0, 0, 0],
      [-1, -2, 3, -4, 3, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 1e-9],
      [-5, -4, -5, -5, -5, -5, -5, -5],
    ])
    const { neck, head } = decode(dimensions, { ...parameters, alpha })
    expect(neck!.layers[0]).toEqual(['none', 'dil_conv_3x3_r2', 'sep_conv_5x5', 'identity'])
    expect(neck!.layers[1]).toEqual(
      parameters.alpha[1]!.map((each) => NECK_OPERATORS[each.indexOf(Math.max(...each))]),
    )
    expect(head!.cells[0]).toEqual(
      parameters.beta[0]!.map((each) => HEAD_OPERATORS[each.indexOf(Math.max(...each))]),
    )
  })

  test('decode to the module alone that was searched', () => {
    const { beta } = architectureParametersOf(dimensions, initialise(graph.parameters, 1))
    expect(decode({ neck: null, head: { cells: 1 } }, { alpha: [], beta })).not.toHaveProperty('neck')
  })

  test('that have diverged decode to nothing', () => {
    const alpha = [[[Number.NaN, 0, 0, 0, 0, 0, 0, 0]]]
    expect(() => decode({ neck: { levels: 1, layers: 1 }, head: null }, { alpha, beta: [] })).toThrow(
      expect.objectContaining({ code: 'invalid-genotype', message: expect.stringContaining('diverged') }),
    )
  })
})
