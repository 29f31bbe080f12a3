import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cost } from '../../../../nas/graph/cost.ts'
import { random } from '../../../../nas/random.ts'
import { costOf, genotypeOf, sampleArchitecture } from '../../../../nas/spaces/densenas/architecture.ts'
import { denseNas } from '../../../../nas/spaces/densenas/network.ts'
import { multiplyAddsTable } from '../../../../nas/spaces/densenas/operation-graphs.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { graphOf } from '../../nets/networks.ts'

test.each([
  ['densenas-cifar', 32],
  ['densenas-tiny', 48],
  ['densenas-mobilenet-v2', 224],
] as const)(
  '%s: the multiply-adds of its operations make up those of any network, exactly',
  (preset, image) => {
    const space = DENSENAS_SPACES[preset]
    const classes = 10
    const table = multiplyAddsTable(space, { image, classes })
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const architecture = sampleArchitecture(space, random(seed, 'architecture'))
        const genotype = genotypeOf(space, architecture)
        const shape = [1, 3, image, image]
        const graph = graphOf(
          (context, x) => denseNas(context, x, genotype, { classes }),
          shape,
          'evaluation',
        )
        expect(costOf(space, architecture, table)).toBe(cost(graph).multiplyAdds)
      }),
      { numRuns: 30 },
    )
  },
)
