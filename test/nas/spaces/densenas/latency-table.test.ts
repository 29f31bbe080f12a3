import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chainedCost, summedCost } from '../../../../nas/spaces/densenas/expected-cost.ts'
import { KNOWN_DENSENAS } from '../../../../nas/spaces/densenas/known.ts'
import { readLatencyTable } from '../../../../nas/spaces/densenas/latency-table.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { relax } from '../../../../nas/spaces/densenas/relaxation.ts'
import { parametersFor, parametersOf } from './parameters.ts'

const tiny = DENSENAS_SPACES['densenas-tiny']
const released = DENSENAS_SPACES['densenas-mobilenet-v2']

/** Of the tiny space: blocks read 1, 2, 2 and 2 others, the last convolution 2. */
const branches = (count: number) => Array.from({ length: count }, (_, k) => [k, k + 0.1, k + 0.2])
const stack = [[1, 2, 3, 0]]
const table = [7, [1, 2, 2, 2].map((count) => [branches(count), stack]), [8, 9], 5]

describe('a latency table', () => {
  it('gives every operation its cost, in the order of the inputs', () => {
    expect(readLatencyTable('table', table, tiny)).toEqual({
      fixed: 12,
      head: [[], branches(1), branches(2), branches(2), branches(2), [[8], [9]]],
      stack: [[], stack, stack, stack, stack, []],
    })
  })

  const withBlock = (block: unknown) => [7, (table[1] as unknown[]).with(2, block), [8, 9], 5]
  it.each([
    ['another number of blocks', [7, [], [8, 9], 5], /^table: 0 blocks, where the space has 4/],
    ['other branches', withBlock([branches(3), stack]), /^table, block 3: 3 head branches, .* 2/],
    [
      'other head operations',
      withBlock([[[1], [1]], stack]),
      /^table, block 3: 1 operations in a head branch, .* 3/,
    ],
    [
      'no skip',
      withBlock([branches(2), [[1, 2, 3]]]),
      /^table, block 3: 3 operations in a stacking layer, .* 4/,
    ],
    ['too few layers', withBlock([branches(2), []]), /^table, block 3: 0 stacking layers, .* 1/],
    ['another end', table.with(2, [8]), /^table, last convolution: 1 branches, .* 2/],
    ['a negative time', table.with(3, -1), /^table, at \[3\]/],
    ['something else', { ms: 3 }, /^table/],
  ])('is refused for %s', (_, json, message) => {
    expect(() => readLatencyTable('table', json, tiny)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    )
  })

  const path = join(
    process.env.TRELLIS_DATA ?? resolve(import.meta.dirname, '../../../../../shared/data'),
    '../reference/densenas-latency-table.json',
  )
  const present = existsSync(path)
  if (!present) console.warn(`skipped: no ${path}`)
  it.skipIf(!present)('as released fits the released space, and its network takes about 17.9 ms', () => {
    const costs = readLatencyTable(path, JSON.parse(readFileSync(path, 'utf8')), released)
    const network = relax(parametersFor(released, KNOWN_DENSENAS['densenas-c']))
    expect(chainedCost(released, network, costs)).toBeCloseTo(17.9, 0)
    // Computed in Python from the same table.
    const even = relax(parametersOf(released, () => 0))
    expect(chainedCost(released, even, costs)).toBeCloseTo(32.41794401615807, 12)
    expect(summedCost(released, even, costs)).toBeCloseTo(52.08227137022147, 12)
  })
})
