import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countDenseNas } from '../../../../nas/pipelines/densenas/count.ts'
import { random } from '../../../../nas/random.ts'
import { costOf, genotypeOf, sampleArchitecture } from '../../../../nas/spaces/densenas/architecture.ts'
import { parseDenseNasGenotype } from '../../../../nas/spaces/densenas/genotype.ts'
import { multiplyAddsTable } from '../../../../nas/spaces/densenas/operation-graphs.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { pathsOf, smallSpace } from './parameters.ts'

describe('a sampled architecture', () => {
  it('is a network of its space, along one of its paths', () => {
    fc.assert(
      fc.property(smallSpace, fc.integer(), (space, seed) => {
        const architecture = sampleArchitecture(space, random(seed))
        expect(pathsOf(space)).toContainEqual(architecture.path)
        const genotype = genotypeOf(space, architecture)
        expect(parseDenseNasGenotype(genotype)).toEqual(genotype)
        expect(genotype.blocks).toHaveLength(architecture.path.length - 1)
      }),
    )
  })

  it('may take every path, operation and skip', () => {
    const space = DENSENAS_SPACES['densenas-tiny']
    const drawn = Array.from({ length: 400 }, (_, i) => sampleArchitecture(space, random(i)))
    const distinct = (values: readonly unknown[]) =>
      new Set(values.map((value) => JSON.stringify(value))).size
    expect(distinct(drawn.map(({ path }) => path))).toBe(pathsOf(space).length)
    expect(distinct(drawn.map(({ heads }) => heads[0]))).toBe(3)
    expect(distinct(drawn.map(({ stacks }) => stacks[0]))).toBe(4)
  })
})

describe('the cost of an architecture', () => {
  it.each(['densenas-tiny', 'densenas-cifar'] as const)(
    'by the multiply-adds of operations is that of its network, in %s',
    (name) => {
      const space = DENSENAS_SPACES[name]
      // Counted for the classes of ImageNet.
      const table = multiplyAddsTable(space, { image: 32, classes: 1000 })
      for (const seed of [0, 1, 2]) {
        const architecture = sampleArchitecture(space, random(seed))
        const { multiplyAdds } = countDenseNas(genotypeOf(space, architecture), [3, 32, 32])
        expect(costOf(space, architecture, table)).toBe(multiplyAdds)
      }
    },
  )
})
