import { expect, it } from 'vitest'
import { AS_WRITTEN } from '../../../../../nas/graph/rewrites.ts'
import { supernetParameters } from '../../../../../nas/spaces/densenas/search/graphs.ts'
import { sharedInitialFilters } from '../../../../../nas/spaces/densenas/search/shared-initial-filters.ts'
import type { DenseNasSpace } from '../../../../../nas/spaces/densenas/space.ts'
import { supernet } from '../../../../../nas/spaces/densenas/supernet.ts'
import { sgd } from '../../../../../nas/training/sgd.ts'

const space: DenseNasSpace = {
  operations: ['mbconv_k3_t3', 'mbconv_k5_t6'],
  stages: [
    { stride: 2, widths: [4], layers: 0 },
    { stride: 4, widths: [6], layers: 1 },
  ],
  reach: 1,
  last: 8,
}
const net = supernet(space, { batch: 1, image: 8, classes: 2 })
const options = {
  supernet: net,
  optimiser: sgd({ momentum: 0.9, weightDecay: 0 }),
  labelSmoothing: 0,
  rewrites: AS_WRITTEN,
}
const parameters = supernetParameters(options)
const filters = sharedInitialFilters(net, parameters, 3)

/** A filter's number by its indices, over its deviation. */
function normalised(name: string, ...[k, c, y, x]: readonly number[]): number {
  const { shape, data } = filters[name]!
  const [, inputs, height, width] = shape as [number, number, number, number]
  const { initialiser } = parameters.get(name)!.parameter
  const deviation = initialiser.kind === 'he-normal' ? Math.sqrt(2 / initialiser.fanOut) : Number.NaN
  return data[((k! * inputs + c!) * height + y!) * width + x!]! / deviation
}

it('lets the operations of a layer start with the same leading channels and the same centre', () => {
  const [small, large] = ['block1/head0/mbconv_k3_t3', 'block1/head0/mbconv_k5_t6']
  for (let k = 0; k < 12; k++) {
    for (let c = 0; c < 4; c++)
      expect(normalised(`${small}/expand/weight`, k, c, 0, 0)).toBeCloseTo(
        normalised(`${large}/expand/weight`, k, c, 0, 0),
        5,
      )
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 3; x++)
        expect(normalised(`${small}/depthwise/weight`, k, 0, y, x)).toBeCloseTo(
          normalised(`${large}/depthwise/weight`, k, 0, y + 1, x + 1),
          5,
        )
    expect(normalised(`${small}/project/weight`, 5, k, 0, 0)).toBeCloseTo(
      normalised(`${large}/project/weight`, 5, k, 0, 0),
      5,
    )
  }
})

it('draws each layer for itself, with the deviation of each filter', () => {
  const head = filters['block1/head0/mbconv_k3_t3/depthwise/weight']!
  const stack = filters['block1/stack0/mbconv_k3_t3/depthwise/weight']!
  expect(head.data[0]).not.toBe(stack.data[0])
  const { data } = filters['block1/stack0/mbconv_k5_t6/expand/weight']!
  const variance = [...data].reduce((sum, each) => sum + each ** 2, 0) / data.length
  expect(variance / (2 / 36)).toBeGreaterThan(0.7)
  expect(variance / (2 / 36)).toBeLessThan(1.4)
})

it('leaves what belongs to no operation', () => {
  expect(Object.keys(filters).filter((name) => !name.startsWith('block'))).toEqual([])
})
