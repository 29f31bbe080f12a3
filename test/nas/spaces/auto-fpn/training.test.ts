import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GraphBuilder } from '../../../../nas/graph/builder.ts'
import type { Value } from '../../../../nas/graph/graph.ts'
import { add } from '../../../../nas/graph/ops/add.ts'
import { reduceMean } from '../../../../nas/graph/ops/reduce-mean.ts'
import { reshape } from '../../../../nas/graph/ops/reshape.ts'
import { backboneLevels, withCoarserLevel } from '../../../../nas/nets/detection/pyramid.ts'
import { regionProposals } from '../../../../nas/nets/detection/rpn.ts'
import { random } from '../../../../nas/random.ts'
import { autoFpn } from '../../../../nas/spaces/auto-fpn/network.ts'
import { autoFpnSpace } from '../../../../nas/spaces/auto-fpn/space.ts'
import { sgd } from '../../../../nas/training/sgd.ts'
import { trainingStep } from '../../../../nas/training/step.ts'
import { contextOf, genotypeOf, headOf, neckOf } from './modules.ts'

const mean = (graph: GraphBuilder, x: Value) =>
  reshape(graph, reduceMean(graph, x, [...x.type.shape.keys()]), [])

/** A step that trains all of a detector. @throws where the loss does not depend on a weight */
function stepOf(genotype: Parameters<typeof autoFpn>[0], batchNorm: boolean) {
  const detector = autoFpn(genotype, { network: 'resnet-18', width: 1 }, 2, {
    channels: 8,
    cellChannels: 8,
    width: 8,
    batchNorm,
  })
  return trainingStep(
    (graph) => {
      const context = contextOf(graph, 'training')
      const image = graph.input('image', { dtype: 'float32', shape: [1, 3, 64, 64] })
      const levels = detector.neck(context, backboneLevels(context, image, detector.backbone))
      const proposals = regionProposals(context, withCoarserLevel(graph, levels))
      const regions = graph.input('regions', { dtype: 'float32', shape: [2, 8, 7, 7] })
      const { scores, deltas } = detector.head(context, regions)
      const outputs = [...proposals.flatMap((level) => [level.objectness, level.deltas]), scores, deltas]
      return { loss: outputs.map((x) => mean(graph, x)).reduce((sum, term) => add(graph, sum, term)) }
    },
    sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  )
}

test('every genotype is a network all of whose weights the loss depends on, however few links it has', () => {
  const space = autoFpnSpace()
  const sparse = fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })).map(([seed, share]) => {
    const rng = random(seed, 'sparse')
    const { neck, head } = space.sample(rng)
    const thinned = <O extends string>(operators: readonly O[]) =>
      operators.map((operator) => (rng.uniform() < share ? operator : ('none' as O)))
    return genotypeOf({
      neck: neckOf(4, ...neck!.layers.map(thinned)),
      head: headOf(...head!.cells.map(thinned)),
    })
  })
  fc.assert(
    fc.property(sparse, fc.boolean(), (genotype, batchNorm) => {
      const { updates } = stepOf(genotype, batchNorm)
      const named = (scope: string) => [...updates.keys()].some((name) => name.startsWith(scope))
      expect(['backbone/stage3/', 'neck/lateral3/', 'rpn/', 'head/'].map(named)).toEqual(Array(4).fill(true))
    }),
    { numRuns: 30 },
  )
})
