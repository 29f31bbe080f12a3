import { describe, expect, it } from 'vitest'
import { TrellisError } from '../../../../nas/errors.ts'
import { parseDpcGenotype } from '../../../../nas/spaces/dpc/genotype.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'

const conv = { kind: 'conv1x1' }
const cell = (...branches: readonly unknown[]) => ({ space: 'dpc', version: 1, branches })

describe('a DPC genotype', () => {
  it('survives JSON', () => {
    for (const known of Object.values(KNOWN_CELLS)) {
      expect(parseDpcGenotype(JSON.parse(JSON.stringify(known)))).toEqual(known)
    }
  })

  it.each([
    [
      'a later branch',
      cell({ input: -1, operation: conv }, { input: 4, operation: conv }),
      /branch 1.*reads branch 4, which comes later/,
    ],
    ['itself', cell({ input: 0, operation: conv }), /branch 0.*is the branch itself/],
    ['a negative branch', cell({ input: -2, operation: conv }), /branch 0.*branch -2, which does not exist/],
    ['half a branch', cell({ input: 0.5, operation: conv }), /branch 0, input/],
    [
      'an unknown operation',
      cell({ input: -1, operation: { kind: 'conv5x5' } }),
      /branch 0.*unknown operation "conv5x5"/,
    ],
    [
      'a rate outside the space',
      cell({ input: -1, operation: { kind: 'atrous', rate: [6, 5] } }),
      /branch 0, operation.rate.1: 5 is not one of the rates 1, 3/,
    ],
    [
      'a grid outside the space',
      cell({ input: -1, operation: { kind: 'pyramid-pooling', grid: [3, 1] } }),
      /branch 0, operation.grid.0: 3 is not one of the grid sizes/,
    ],
    ['a missing rate', cell({ input: -1, operation: { kind: 'atrous' } }), /branch 0, operation.rate/],
    ['a stray key', cell({ input: -1, operation: { ...conv, rate: [1, 1] } }), /branch 0.*unknown key rate/],
    ['no branch', cell(), /branches/],
    ['another version', { ...cell({ input: -1, operation: conv }), version: 2 }, /version/],
    ['no cell at all', 'aspp', /dense prediction cell/],
  ])('is refused for %s, and the error says where', (_, value, message) => {
    expect(() => parseDpcGenotype(value)).toThrow(TrellisError)
    expect(() => parseDpcGenotype(value)).toThrow(
      expect.objectContaining({ code: 'invalid-genotype', message: expect.stringMatching(message) }),
    )
  })
})
