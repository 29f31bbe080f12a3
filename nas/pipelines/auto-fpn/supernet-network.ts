import { headCosts, neckCosts, normalisedCosts } from '../../spaces/auto-fpn/cost.ts'
import type { Supernet } from '../../spaces/auto-fpn/search/graphs.ts'
import { EPSILON } from '../../training/detection/features.ts'
import { levelShapes } from '../../training/detection/level-shapes.ts'
import { runningDecay } from '../../training/running-decay.ts'
import { networkOf } from './network.ts'
import type { SupernetSpec } from './specs.ts'

/** All of a search that its graphs depend on. */
export type SupernetNetwork = Pick<
  SupernetSpec,
  'module' | 'method' | 'space' | 'search' | 'classes' | 'detector' | 'image' | 'backbone'
> & { readonly neck: Pick<NonNullable<SupernetSpec['neck']>, 'genotype'> | null }

/** The supernet of a search. @param features that it reads */
export function supernetOf(
  { module, method, space, search, neck, ...spec }: SupernetNetwork,
  features: Supernet['features'],
): Supernet {
  const { classes, detector, image, backbone } = spec
  const pixels = levelShapes(backbone, image).map(([, height, width]) => height * width)
  return {
    dimensions: space,
    method,
    features,
    detector: networkOf(spec, neck?.genotype ?? null, search.batchNorm),
    cellChannels: detector.cell,
    classes,
    images: search.batch,
    regions: detector.regions,
    batchNorm: search.batchNorm,
    lambda: search.lambda,
    costs: normalisedCosts(
      module === 'neck'
        ? neckCosts(pixels, { layers: space.neck!.layers, channels: detector.channels })
        : headCosts({ cells: space.head!.cells, channels: detector.cell, regions: detector.proposals }),
    ),
    contextOf: (graph) => ({
      graph,
      mode: 'training',
      batchNorm: { decay: runningDecay(search.steps), epsilon: EPSILON },
    }),
  }
}
