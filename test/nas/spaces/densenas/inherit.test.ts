import { describe, expect, it } from 'vitest'
import { AS_WRITTEN } from '../../../../nas/graph/rewrites.ts'
import { classifierNetwork } from '../../../../nas/pipelines/densenas/classifier-network.ts'
import { random } from '../../../../nas/random.ts'
import { genotypeOf, sampleArchitecture } from '../../../../nas/spaces/densenas/architecture.ts'
import { inheritedWeights } from '../../../../nas/spaces/densenas/inherit.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { supernetParameters } from '../../../../nas/spaces/densenas/search/graphs.ts'
import { supernet } from '../../../../nas/spaces/densenas/supernet.ts'
import { classificationGraph } from '../../../../nas/training/classification.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { sgd } from '../../../../nas/training/sgd.ts'

describe('inheritedWeights', () => {
  it.each([0, 1, 2])('are all weights of the derived network, under its names and in its shapes', (seed) => {
    const space = DENSENAS_SPACES['densenas-tiny']
    const net = supernet(space, { batch: 2, image: 32, classes: 10 })
    const optimiser = sgd({ momentum: 0.9, weightDecay: 0 })
    const weights = initialise(
      supernetParameters({ supernet: net, optimiser, labelSmoothing: 0, rewrites: AS_WRITTEN }),
      1,
    )
    const architecture = sampleArchitecture(space, random(seed))

    const inherited = inheritedWeights(space, net, architecture, weights)
    const network = classifierNetwork({ kind: 'densenas', genotype: genotypeOf(space, architecture) }, 10)
    const { parameters } = classificationGraph({ network, image: [2, 3, 32, 32] })
    // In the supernet, batch normalisation has no parameters.
    const needed = [...parameters].filter(([name]) => !/\/(gamma|beta|mean|variance)$/.test(name))
    expect(Object.fromEntries(Object.entries(inherited).map(([name, { shape }]) => [name, shape]))).toEqual(
      Object.fromEntries(needed.map(([name, { parameter }]) => [name, parameter.shape])),
    )
  })
})
