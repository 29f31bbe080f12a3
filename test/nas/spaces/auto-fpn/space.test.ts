import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import type { AutoFpnGenotype } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import { KNOWN_NECKS } from '../../../../nas/spaces/auto-fpn/known.ts'
import { HEAD_OPERATORS, NECK_OPERATORS } from '../../../../nas/spaces/auto-fpn/operators.ts'
import { autoFpnSpace, PUBLISHED, spaceSize } from '../../../../nas/spaces/auto-fpn/space.ts'

const space = autoFpnSpace()
const operatorsOf = ({ neck, head }: AutoFpnGenotype) =>
  [...(neck?.layers ?? []), ...(head?.cells ?? [])].flat()
const differences = (a: AutoFpnGenotype, b: AutoFpnGenotype) =>
  operatorsOf(a).filter((operator, i) => operator !== operatorsOf(b)[i]).length

describe('the space of Auto-FPN', () => {
  it("has the paper's 7.9e28 necks and 1.9e25 heads", () => {
    expect(spaceSize(PUBLISHED)).toEqual({ necks: 2n ** 96n, heads: 2n ** 84n })
    expect(spaceSize(PUBLISHED).necks).toBe(79_228_162_514_264_337_593_543_950_336n)
    expect(space.size).toBe(2n ** 180n)
    expect(space.genes).toBe(60)
  })

  it('is that of one module where the other is not searched', () => {
    const neck = autoFpnSpace({ neck: { levels: 3, layers: 2 }, head: null })
    expect([neck.size, neck.genes]).toEqual([8n ** 18n, 18])
    expect(neck.sample(random(1))).not.toHaveProperty('head')
    const head = autoFpnSpace({ neck: null, head: { cells: 1 } })
    expect([head.size, head.genes]).toEqual([8n ** 14n, 14])
    expect(head.sample(random(1))).not.toHaveProperty('neck')
  })

  it('samples genotypes of its own dimensions alone', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const genotype = space.sample(random(seed))
        expect(space.schema.parse(JSON.parse(JSON.stringify(genotype)))).toEqual(genotype)
      }),
    )
    expect(space.schema.safeParse(KNOWN_NECKS['fpn-neck']).success).toBe(false)
    expect(autoFpnSpace({ neck: PUBLISHED.neck, head: null }).schema.parse(KNOWN_NECKS['fpn-neck'])).toEqual(
      KNOWN_NECKS['fpn-neck'],
    )
  })

  it('samples every operator of a link alike', () => {
    const draws = 2000
    const rng = random(1)
    const samples = Array.from({ length: draws }, () => space.sample(rng))
    for (const [operators, of] of [
      [NECK_OPERATORS, ({ neck }: AutoFpnGenotype) => neck!.layers[1]![7]!],
      [HEAD_OPERATORS, ({ head }: AutoFpnGenotype) => head!.cells[1]![13]!],
    ] as const) {
      const expected = draws / operators.length
      const chiSquared = operators
        .map((operator) => samples.filter((sample) => of(sample) === operator).length)
        .reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
      // 7 degrees of freedom: the 99.9th percentile is 24.3.
      expect(chiSquared).toBeLessThan(24.3)
    }
  })

  it('mutates exactly as many links as asked, into a genotype of the space', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, genes) => {
        const genotype = space.sample(random(seed, 'sample'))
        const mutated = space.mutate(genotype, random(seed, 'mutate'), genes)
        expect(differences(genotype, mutated)).toBe(genes)
        expect(space.schema.parse(mutated)).toEqual(mutated)
      }),
    )
    expect(() => space.mutate(space.sample(random(1)), random(1), 61)).toThrow(RangeError)
  })

  it('can mutate every link', () => {
    const genotype = space.sample(random(1))
    const rng = random(2)
    const changed = new Set<number>()
    for (let i = 0; i < 600; i++) {
      const mutated = operatorsOf(space.mutate(genotype, rng))
      changed.add(operatorsOf(genotype).findIndex((operator, at) => operator !== mutated[at]))
    }
    expect(changed.size).toBe(60)
  })

  it('gives genotypes one key that differ in links that change nothing, and others keys of their own', () => {
    const { 'ssd-neck': ssd, 'fpn-neck': fpn, 'panet-neck': panet } = KNOWN_NECKS
    expect(new Set([ssd, fpn, panet].map(space.key)).size).toBe(3)
    const without = (layer: number, links: readonly number[], operator: 'none' | 'sep_conv_3x3') => ({
      ...ssd,
      neck: {
        levels: 4,
        layers: ssd.neck!.layers.map((operators, l) =>
          l === layer ? operators.map((each, i) => (links.includes(i) ? operator : each)) : operators,
        ),
      },
    })
    // Link 5 is from level 1 to itself: in the second layer, nothing else reads what the first makes of level 1.
    const unread = without(1, [5], 'none')
    expect(space.key(unread)).not.toBe(space.key(ssd))
    const [first, second] = unread.neck.layers
    const alsoUnmade = {
      ...unread,
      neck: { levels: 4, layers: [first!.with(5, 'dil_conv_5x5_r3'), second!] },
    }
    expect(space.key(alsoUnmade)).toBe(space.key(unread))
  })
})
