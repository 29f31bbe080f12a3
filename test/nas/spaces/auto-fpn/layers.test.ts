import { describe, expect, test } from 'vitest'
import { linked, sourceOf } from '../../../../nas/spaces/auto-fpn/layers.ts'
import { decoded } from '../../../../nas/spaces/auto-fpn/mixture.ts'
import { searchedNeck } from '../../../../nas/spaces/auto-fpn/neck.ts'
import { OPERATIONS, type Operator } from '../../../../nas/spaces/auto-fpn/operators.ts'
import { float32, sizeOf } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { evaluate } from '../../graph/check-op.ts'
import { engine, noise } from '../../nets/networks.ts'
import { contextOf, graphOf, layer, neckOf } from './modules.ts'

const SIDE = 15
const CENTRE = 7

const operate = (operator: Operator) =>
  graphOf({ x: [1, 1, SIDE, SIDE] }, (graph, x) => {
    const context = contextOf(graph)
    return { y: linked(context, sourceOf(context, x!), decoded(operator), { links: 1, batchNorm: false })! }
  })

/** What an operator whose weights are 1 makes of a map that is zero but for its centre. */
async function response(operator: Operator, centre: number) {
  const graph = operate(operator)
  const x = new Float32Array(SIDE ** 2)
  x[CENTRE * SIDE + CENTRE] = centre
  const ones = [...graph.parameters].map(
    ([
      name,
      {
        value: { type },
      },
    ]) => [name, float32(type.shape, new Float32Array(sizeOf(type.shape)).fill(1))],
  )
  const { y } = await evaluate(await engine, graph, {
    x: float32([1, 1, SIDE, SIDE], x),
    ...Object.fromEntries(ones),
  })
  return y!.data
}

describe('an operator', () => {
  test.each([
    ['identity', [0]],
    ['dil_conv_3x3_r2', [-2, 0, 2]],
    ['dil_conv_3x3_r3', [-3, 0, 3]],
    ['dil_conv_5x5_r2', [-4, -2, 0, 2, 4]],
    ['dil_conv_5x5_r3', [-6, -3, 0, 3, 6]],
    ['sep_conv_3x3', [-1, 0, 1]],
    ['sep_conv_5x5', [-2, -1, 0, 1, 2]],
    ['conv_3x3', [-1, 0, 1]],
    ['conv_5x5', [-2, -1, 0, 1, 2]],
  ] as const)('%s reads the pixels at %j', async (operator, offsets) => {
    const expected = new Float32Array(SIDE ** 2)
    for (const dy of offsets) for (const dx of offsets) expected[(CENTRE + dy) * SIDE + CENTRE + dx] = 3
    expect(await response(operator, 3)).toEqual(expected)
  })

  test.each(Object.keys(OPERATIONS).filter((name) => name !== 'none') as Operator[])(
    '%s has a ReLU first, unless it is the identity',
    async (operator) => {
      const found = (await response(operator, -3)).filter((y) => y !== 0)
      expect([...found]).toEqual(operator === 'identity' ? [-3] : [])
    },
  )
})

test('initial weights keep the variance, however many links add up', async () => {
  const variance = (data: ArrayLike<number>) =>
    Array.from(data).reduce((sum, y) => sum + y * y, 0) / data.length
  const shape = [1, 64, 16, 16]
  const laterals = Object.fromEntries(
    [0, 1].map((i) => [
      `neck/lateral${i}/weight`,
      // The lateral passes its level on as it is.
      float32(
        [64, 64, 1, 1],
        Float32Array.from({ length: 64 ** 2 }, (_, at) => Number(at % 65 === 0)),
      ),
    ]),
  )
  const outputVariance = async (...links: readonly string[]) => {
    const genotype = neckOf(2, layer(2, Object.fromEntries(links.map((link) => [link, 'sep_conv_3x3']))))
    const graph = graphOf({ level0: shape, level1: [1, 64, 8, 8] }, (graph, ...levels) => {
      const [p0] = searchedNeck(contextOf(graph), levels, genotype, { channels: 64, batchNorm: false })
      return { p0: p0! }
    })
    const { p0 } = await evaluate(await engine, graph, {
      ...initialise(graph.parameters, 1),
      ...laterals,
      level0: noise(shape, 1),
      level1: noise([1, 64, 8, 8], 2),
    })
    return variance(p0!.data)
  }
  const one = await outputVariance('0to0')
  // Zeros around the map make it a little smaller.
  expect(one).toBeGreaterThan(0.75)
  expect(one).toBeLessThan(1.25)
  // Interpolation makes that of a coarser level smaller.
  const two = await outputVariance('0to0', '1to0')
  expect(two).toBeGreaterThan(0.6)
  expect(two).toBeLessThan(1.25)
})
