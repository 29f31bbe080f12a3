import {
  headCosts,
  neckCosts,
  normalisedCosts,
  type OperatorCost,
  type PerCandidate,
} from '../../spaces/auto-fpn/cost.ts'
import type { Supernet } from '../../spaces/auto-fpn/search/graphs.ts'
import type { TrainableDetector } from '../../training/detection/detector.ts'
import { EPSILON } from '../../training/detection/features.ts'
import { neckPixels } from '../../training/detection/level-shapes.ts'
import { runningDecay } from '../../training/running-decay.ts'
import { networkOf } from './network.ts'
import { isOneStage } from './settings.ts'
import type { SupernetSpec } from './specs.ts'

/** All of a search that its graphs depend on. */
export type SupernetNetwork = Pick<
  SupernetSpec,
  'module' | 'method' | 'space' | 'search' | 'classes' | 'detector' | 'image' | 'backbone'
> & { readonly neck: Pick<NonNullable<SupernetSpec['neck']>, 'genotype'> | null }

/** The supernet of a search. @param features that it reads */
export function supernetOf(
  { method, space, search, neck, ...spec }: SupernetNetwork,
  features: Supernet['features'],
): Supernet {
  const detector = networkOf(spec, neck?.genotype ?? null, search.batchNorm)
  return {
    dimensions: space,
    method,
    features,
    detector,
    cellChannels: isOneStage(spec.detector) ? 0 : spec.detector.cell,
    images: search.batch,
    batchNorm: search.batchNorm,
    lambda: search.lambda,
    costs: normalisedCosts(costsOf(space, spec, detector)),
    contextOf: (graph) => ({
      graph,
      mode: 'training',
      batchNorm: { decay: runningDecay(search.steps), epsilon: EPSILON },
    }),
  }
}

/** Of the module that is searched. */
function costsOf(
  { neck, head }: SupernetNetwork['space'],
  { detector, image }: Pick<SupernetNetwork, 'detector' | 'image'>,
  network: TrainableDetector,
): PerCandidate<OperatorCost> {
  if (neck !== null)
    return neckCosts(neckPixels(network, image), { layers: neck.layers, channels: network.channels })
  if (head === null || isOneStage(detector)) throw new RangeError('a search is of a neck or of a head')
  return headCosts({ cells: head.cells, channels: detector.cell, regions: detector.proposals })
}
