import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { decode } from '../../../../nas/spaces/densenas/decode.ts'
import { denseNasGenotypeSchema } from '../../../../nas/spaces/densenas/genotype.ts'
import { KNOWN_DENSENAS } from '../../../../nas/spaces/densenas/known.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { parametersFor, parametersOf, smallSpace } from './parameters.ts'

describe('decoding', () => {
  it.each([
    ['densenas-v1', 'densenas-v1-c'],
    ['densenas-mobilenet-v2', 'densenas-c'],
  ] as const)('in %s gives %s where its choices have the largest parameters', (space, network) => {
    const parameters = parametersFor(DENSENAS_SPACES[space], KNOWN_DENSENAS[network])
    expect(decode(DENSENAS_SPACES[space], parameters)).toEqual(KNOWN_DENSENAS[network])
  })

  it('gives a network of the space that the parameters of its own choices give again', () => {
    fc.assert(
      fc.property(smallSpace, fc.integer(), (space, seed) => {
        const network = decode(space, parametersOf(space, random(seed).normal))
        expect(denseNasGenotypeSchema.parse(network)).toEqual(network)
        expect(decode(space, parametersFor(space, network))).toEqual(network)
      }),
    )
  })

  it('takes the first of equal operations', () => {
    const space = DENSENAS_SPACES['densenas-tiny']
    const { blocks } = decode(
      space,
      parametersOf(space, () => 0),
    )
    expect(blocks.map(({ width, head, stack }) => [width, head, stack])).toEqual([
      [8, 'mbconv_k3_t1', []],
      [24, 'mbconv_k3_t3', ['mbconv_k3_t3']],
      [48, 'mbconv_k3_t3', ['mbconv_k3_t3']],
    ])
  })
})
