import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { decode } from '../../../../nas/spaces/densenas/decode.ts'
import { OPERATIONS } from '../../../../nas/spaces/densenas/genotype.ts'
import { KNOWN_DENSENAS } from '../../../../nas/spaces/densenas/known.ts'
import { fromNetConfig, toNetConfig } from '../../../../nas/spaces/densenas/net-config.ts'
import { parametersOf, smallSpace } from './parameters.ts'

const TEXT = `[[16, 16], 'mbconv_k3_t1', [], 0, 1]|
[[16, 24], 'mbconv_k5_t6', ['mbconv_k7_t3', 'mbconv_k3_t3'], 2, 2]|
[[24, 320], 'conv1_1']`

describe('net_config', () => {
  it('is read, and written again byte for byte', () => {
    expect(fromNetConfig(TEXT)).toEqual({
      space: 'densenas',
      version: 1,
      stem: 16,
      blocks: [
        { width: 16, stride: 1, head: 'mbconv_k3_t1', stack: [] },
        { width: 24, stride: 2, head: 'mbconv_k5_t6', stack: ['mbconv_k7_t3', 'mbconv_k3_t3'] },
      ],
      last: 320,
    })
    expect(toNetConfig(fromNetConfig(TEXT))).toBe(TEXT)
  })

  it('may be on one line, and in double quotes', () => {
    expect(fromNetConfig(TEXT.replaceAll('\n', '').replaceAll("'", '"'))).toEqual(fromNetConfig(TEXT))
  })

  it('without a last convolution means 1728 channels after MBConv, and none after residual blocks', () => {
    expect(fromNetConfig("[[16, 16], 'mbconv_k3_t1', [], 0, 1]").last).toBe(1728)
    const residual = "[[32, 64], 'basic_block', ['basic_block'], 1, 2]"
    expect(fromNetConfig(residual).last).toBeNull()
    expect(toNetConfig(fromNetConfig(residual))).toBe(residual)
  })

  it('drops layers that are skipped', () => {
    const text = "[[8, 8], 'mbconv_k3_t3', ['skip_connect', 'mbconv_k5_t3', 'skip_connect'], 3, 1]"
    expect(fromNetConfig(text).blocks[0]!.stack).toEqual(['mbconv_k5_t3'])
  })

  it('holds the published networks, and whatever is decoded from a space', () => {
    for (const network of Object.values(KNOWN_DENSENAS))
      expect(fromNetConfig(toNetConfig(network))).toEqual(network)
    fc.assert(
      fc.property(smallSpace, fc.integer(), (space, seed) => {
        const network = decode(space, parametersOf(space, random(seed).normal))
        expect(fromNetConfig(toNetConfig(network))).toEqual(network)
      }),
    )
  })

  const first = "[[16, 16], 'mbconv_k3_t1', [], 0, 1]"
  it.each([
    [
      'an unknown head',
      "[[16, 24], 'mbconv_k9_t3', [], 0, 2]",
      /head operation: .*"mbconv_k9_t3".* nearest is mbconv_k\d_t3/,
    ],
    ['a skipped head', "[[16, 24], 'skip_connect', [], 0, 2]", /head operation: .*"skip_connect"/],
    [
      'an unknown stacked operation',
      "[[16, 24], 'mbconv_k3_t3', ['skip_conect'], 1, 2]",
      /stacking operations: .* nearest is skip_connect/,
    ],
    [
      'another width than before',
      "[[24, 32], 'mbconv_k3_t3', [], 0, 2]",
      /takes 24 channels, but entry 1 gives 16/,
    ],
    [
      'a wrong number of layers',
      "[[16, 24], 'mbconv_k3_t3', [], 1, 2]",
      /number of stacking layers: 1, but 0/,
    ],
    ['an impossible stride', "[[16, 24], 'mbconv_k3_t3', [], 0, 4]", /stride: 4 is neither 1 nor 2/],
    ['an impossible width', "[[16, 0], 'mbconv_k3_t3', [], 0, 2]", /channels: 0 is no number of channels/],
    ['a missing part', "[[16, 24], 'mbconv_k3_t3', []]", /has another form/],
    ['what is no list', 'mbconv_k3_t3', /"mbconv_k3_t3" is not a list/],
    ['nothing', '', /"" is not a list/],
  ])('is refused for %s, naming the entry', (_, entry, message) => {
    expect(() => fromNetConfig(`${first}|\n${entry}`)).toThrow(
      expect.objectContaining({
        code: 'invalid-genotype',
        message: expect.stringMatching(new RegExp(`^net_config, entry 2: .*${message.source}[^\n]*$`)),
      }),
    )
  })

  it.each([
    ["[[16, 320], 'conv1_1']", /blocks/],
    [
      `${first}|[[16, 320], 'conv1_1']|[[320, 320], 'mbconv_k3_t3', [], 0, 1]`,
      /entry 3: comes after conv1_1/,
    ],
  ])('is refused where %s', (text, message) => {
    expect(() => fromNetConfig(text)).toThrow(message)
  })

  it('can name every operation', () => {
    const text = OPERATIONS.map((operation) => `[[8, 8], '${operation}', ['${operation}'], 1, 1]`).join('|')
    expect(fromNetConfig(text).blocks.map(({ head }) => head)).toEqual(OPERATIONS)
  })
})
