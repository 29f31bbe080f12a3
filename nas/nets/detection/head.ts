import type { Value } from '../../graph/graph.ts'
import { relu } from '../../graph/ops/relu.ts'
import { reshape } from '../../graph/ops/reshape.ts'
import { sizeOf } from '../../tensor.ts'
import type { LayerContext } from '../layers.ts'
import { keepsVariance, linear } from './layers.ts'

/** Pixels along the features of a region, after RoIAlign. */
export const REGION_SIDE = 7

/** What a head says of each of R regions; class 0 is the background. */
export interface RegionPredictions {
  /** Logits [R, 1 + classes]. */
  readonly scores: Value
  /** Offsets of the box for each class, those of a class together: [R, 4 (1 + classes)]. */
  readonly deltas: Value
}

/** The last layers of a head: features [R,F] to predictions, in the present scope. @param classes without background */
export const predictRegions = (
  { graph }: LayerContext,
  features: Value,
  classes: number,
): RegionPredictions => ({
  scores: linear(graph, 'scores', features, {
    channels: 1 + classes,
    initialiser: { kind: 'truncated-normal', deviation: 0.01 },
  }),
  deltas: linear(graph, 'deltas', features, {
    channels: 4 * (1 + classes),
    initialiser: { kind: 'truncated-normal', deviation: 0.001 },
  }),
})

/**
 * The head of FPN (arXiv 1612.03144, section 4.2): two fully connected layers of a width, then scores and boxes.
 * Regions [R,C,7,7] to predictions. Parameters begin with `head/`.
 */
export const fpnHead = (
  context: LayerContext,
  regions: Value,
  { width, classes }: { readonly width: number; readonly classes: number },
): RegionPredictions =>
  context.graph.within('head', () => {
    const { graph } = context
    const [r, ...region] = regions.type.shape as [number, ...number[]]
    let x = reshape(graph, regions, [r, sizeOf(region)])
    for (const scope of ['hidden0', 'hidden1'])
      x = relu(
        graph,
        linear(graph, scope, x, { channels: width, initialiser: keepsVariance(x.type.shape[1]!) }),
      )
    return predictRegions(context, x, classes)
  })
