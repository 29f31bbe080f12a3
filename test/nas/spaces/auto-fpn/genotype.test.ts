import { describe, expect, it } from 'vitest'
import { TrellisError } from '../../../../nas/errors.ts'
import { parseAutoFpnGenotype } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import { KNOWN_NECKS } from '../../../../nas/spaces/auto-fpn/known.ts'

const of = (parts: object) => ({ space: 'auto-fpn', version: 1, ...parts })
const layer = Array<string>(4).fill('identity')
const cell = Array<string>(14).fill('conv_5x5')

describe('a genotype of Auto-FPN', () => {
  it('survives JSON, with a neck, a head or both', () => {
    for (const genotype of [
      ...Object.values(KNOWN_NECKS),
      of({ head: { cells: [cell] } }),
      of({ neck: { levels: 2, layers: [layer] }, head: { cells: [cell, cell] } }),
    ])
      expect(parseAutoFpnGenotype(JSON.parse(JSON.stringify(genotype)))).toEqual(genotype)
  })

  it.each([
    ['no module', of({}), /neither a neck nor a head/],
    [
      'an unknown operator',
      of({ neck: { levels: 2, layers: [layer, ['none', 'none', 'sep_conv_3x4', 'none']] } }),
      /neck, layer 1, from level 0 to level 1: there is no operator "sep_conv_3x4"; the nearest is sep_conv_3x3/,
    ],
    [
      'an operator of a head in a neck',
      of({ neck: { levels: 2, layers: [['none', 'conv_5x5', 'none', 'none']] } }),
      /neck, layer 0, from level 1 to level 0/,
    ],
    [
      'an operator of a neck in a head',
      of({ head: { cells: [cell, cell.with(13, 'dil_conv_3x3_r3')] } }),
      /head, cell 1, from 4 to node 3/,
    ],
    [
      'a layer with too few links',
      of({ neck: { levels: 3, layers: [layer] } }),
      /neck, layer 0: has 4 operators, where 3 levels have 9 links/,
    ],
    ['a cell of another size', of({ head: { cells: [layer] } }), /head, cell 0: has 4 operators.* 14 links/],
    ['no layer', of({ neck: { levels: 2, layers: [] } }), /neck, layers: must have at least 1 entry/],
    ['no level', of({ neck: { levels: 0, layers: [[]] } }), /neck, levels/],
    ['no cell', of({ head: { cells: [] } }), /head, cells/],
    ['a stray key', of({ rpn: {}, head: { cells: [cell] } }), /unknown key rpn/],
    ['another version', { ...of({ head: { cells: [cell] } }), version: 2 }, /version/],
    ['no genotype at all', 'fpn', /Auto-FPN/],
  ])('is refused for %s, and the error says where', (_, value, message) => {
    expect(() => parseAutoFpnGenotype(value)).toThrow(TrellisError)
    expect(() => parseAutoFpnGenotype(value)).toThrow(
      expect.objectContaining({ code: 'invalid-genotype', message: expect.stringMatching(message) }),
    )
  })
})
