import { expect, test } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { parseTopformerGenotype } from '../../../../nas/spaces/topformer/genotype.ts'
import { TOPFORMER_SPACES } from '../../../../nas/spaces/topformer/presets.ts'
import {
  largest,
  sample,
  smallest,
  spaceSize,
  type TopformerSpace,
  whyOutside,
} from '../../../../nas/spaces/topformer/space.ts'
import { topformerSpaceSchema } from '../../../../nas/spaces/topformer/space-schema.ts'

test('the released space has 573,308,928 CNNs and 2,441,406,250,000 ViTs', () => {
  expect(spaceSize(TOPFORMER_SPACES['topformer-base'])).toEqual({
    cnn: 573_308_928n,
    vit: 2_441_406_250_000n,
    all: 573_308_928n * 2_441_406_250_000n,
  })
})

test('Table 1 has every number of its tuples', () => {
  const { convolutions, transformers } = TOPFORMER_SPACES['topformer-full']
  expect(convolutions.map(({ width }) => width)).toEqual([
    [16, 24],
    [16, 24, 32, 40],
    [24, 32, 40, 48, 56, 64, 72],
    [56, 64, 72, 80, 88, 96, 104, 112, 120, 128, 136],
    [88, 96, 104, 112, 120, 128, 136, 144, 152, 160, 168, 176],
  ])
  expect(transformers[0]).toEqual({
    heads: [2, 4, 6, 8, 10, 12],
    keyDim: [12, 14, 16, 18, 20],
    attentionRatio: [1.6, 1.8, 2, 2.2, 2.4],
    mlpRatio: [1.6, 1.8, 2, 2.2, 2.4],
    depth: [1, 2],
  })
})

test('the other spaces of the paper are parts of Table 1', () => {
  const full = { ...TOPFORMER_SPACES['topformer-full'] }
  for (const name of ['topformer-base', 'topformer-small', 'topformer-tiny'] as const) {
    const space: TopformerSpace = TOPFORMER_SPACES[name]
    for (const genotype of [smallest(space), largest(space)])
      expect(whyOutside({ ...full, injection: space.injection }, genotype)).toBeUndefined()
  }
})

test('samples are of the space and differ; every choice occurs', () => {
  const space: TopformerSpace = TOPFORMER_SPACES['topformer-street']
  const samples = Array.from({ length: 300 }, (_, i) => sample(space, random(i, 'sample')))
  for (const genotype of samples) {
    expect(whyOutside(space, genotype)).toBeUndefined()
    expect(parseTopformerGenotype(genotype)).toEqual(genotype)
  }
  expect(new Set(samples.map(({ convolutions }) => convolutions[4]!.width))).toEqual(new Set([64, 80, 96]))
})

test('what is outside a space is named with its choices', () => {
  const space: TopformerSpace = TOPFORMER_SPACES['topformer-base']
  const { convolutions, ...rest } = smallest(space)
  const wider = { ...rest, convolutions: convolutions.map((stage) => ({ ...stage, width: 24 })) }
  expect(whyOutside(space, wider)).toBe('MBConv-3, width: 24 is not one of 56, 64, 72')
})

test('a stage that mixes expansion 1 with larger ones is no part of a supernet', () => {
  const [first, ...others] = TOPFORMER_SPACES['topformer-street'].convolutions
  const space = (expansion: readonly number[]) =>
    topformerSpaceSchema.safeParse({
      ...TOPFORMER_SPACES['topformer-street'],
      convolutions: [{ ...first, expansion }, ...others],
    })
  expect(space([1, 2]).error?.issues).toMatchObject([{ message: expect.stringContaining('give 1 alone') }])
  expect([space([1]), space([2, 3])].map(({ success }) => success)).toEqual([true, true])
})

test('a genotype that is none is refused with its stage', () => {
  const genotype = smallest(TOPFORMER_SPACES['topformer-base'])
  const [first, ...others] = genotype.convolutions
  expect(() =>
    parseTopformerGenotype({ ...genotype, convolutions: [{ ...first, kernel: 4 }, ...others] }),
  ).toThrow('Efficient-TopFormer network, convolutions.0.kernel: 4 is not one of the kernels 3, 5, 7')
  expect(() => parseTopformerGenotype({ ...genotype, transformers: [] })).toThrow('there are not 4')
})
