import { describe, expect, it } from 'vitest'
import { parseDenseNasGenotype } from '../../../../nas/spaces/densenas/genotype.ts'
import { KNOWN_DENSENAS } from '../../../../nas/spaces/densenas/known.ts'

const genotype = KNOWN_DENSENAS['densenas-c']

describe('a DenseNAS genotype', () => {
  it('is the same after JSON', () => {
    expect(parseDenseNasGenotype(JSON.parse(JSON.stringify(genotype)))).toEqual(genotype)
  })

  const block = genotype.blocks[1]!
  it.each([
    ['another version', { ...genotype, version: 2 }, /version/],
    ['no blocks', { ...genotype, blocks: [] }, /blocks/],
    [
      'an unknown operation',
      { ...genotype, blocks: [block, { ...block, head: 'mbconv_k5_t2' }] },
      /blocks\.1\.head: .*nearest is mbconv_k5_t1/,
    ],
    ['an unknown key', { ...genotype, blocks: [{ ...block, heads: 1 }] }, /blocks\.0: /],
    ['something else', 3, /DenseNAS network: /],
  ])('is refused for %s', (_, value, message) => {
    expect(() => parseDenseNasGenotype(value)).toThrow(
      expect.objectContaining({ code: 'invalid-genotype', message: expect.stringMatching(message) }),
    )
  })
})
