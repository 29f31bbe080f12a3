import type { Engine } from '../../engines/engine.ts'
import { type Running, running } from '../../engines/running.ts'
import { freeze } from '../../graph/freeze.ts'
import type { Graph } from '../../graph/graph.ts'
import type { Network } from '../../nets/layers.ts'
import type { Tensor, Tensors } from '../../tensor.ts'
import { type Calibration, calibrated } from '../../training/calibrate.ts'
import { scoringGraph, segmentationGraph } from '../../training/segmentation.ts'
import type { TopformerGenotype } from './genotype.ts'
import { EPSILON, type TopformerSupernet } from './supernet.ts'

/*
 * A network of a supernet is evaluated as the dense network that it is, with slices of the shared weights and statistics of its own:
 * what is exported and trained later is that network, too. Its two programs are compiled for it alone.
 */

/** Images that are evaluated at once. */
export const EVALUATED_AT_ONCE = 4

type Shape = readonly [number, number, number, number]

/** What statistics of images [N,3,H,W] are made by. */
export const calibrationOf = (network: Network, shape: Shape): Calibration => ({
  network,
  input: { name: 'image', shape },
  epsilon: EPSILON,
})

/** From `image` [N,3,H,W] to `logits` and `predictions`. */
export const evaluationGraph = (network: Network, shape: Shape): Graph =>
  segmentationGraph({ network, input: { name: 'image', shape } })

/** A network with its weights and statistics, for many images [N,3,H,W]: see `scoringGraph`. */
export const scored = <T>(
  engine: Engine,
  { network, weights }: { readonly network: Network; readonly weights: Tensors },
  shape: Shape,
  work: (run: Running) => Promise<T>,
): Promise<T> =>
  running(engine, freeze(scoringGraph({ network, input: { name: 'image', shape } }), weights), {}, work, {
    shortLived: true,
  })

/**
 * The weights of the network of a genotype, by the names of its own parameters, with statistics of images.
 * @param weights of all shared parameters. @param batches of images of a shape; at least one
 */
export const inheritedWeights = (
  engine: Engine,
  { supernet, weights }: { readonly supernet: TopformerSupernet; readonly weights: Tensors },
  genotype: TopformerGenotype,
  shape: Shape,
  batches: AsyncIterable<{ readonly image: Tensor }>,
): Promise<Tensors> =>
  calibrated(
    engine,
    calibrationOf(supernet.networkOf(genotype), shape),
    supernet.inherit(genotype, weights),
    batches,
  )
