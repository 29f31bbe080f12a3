import type { GraphBuilder } from '../../../graph/builder.ts'
import type { Graph, Value } from '../../../graph/graph.ts'
import { add } from '../../../graph/ops/add.ts'
import { mul } from '../../../graph/ops/mul.ts'
import type { Rewrites } from '../../../graph/rewrites.ts'
import type { LayerContext } from '../../../nets/layers.ts'
import { type AdamOptions, adam } from '../../../training/adam.ts'
import { clipping } from '../../../training/clip.ts'
import type { TrainableDetector } from '../../../training/detection/detector.ts'
import type { Features } from '../../../training/detection/forward.ts'
import { lossOf } from '../../../training/detection/loss.ts'
import { type SgdOptions, sgd } from '../../../training/sgd.ts'
import { type Forward, isArchitecture, trainingStep } from '../../../training/step.ts'
import type { ArchitectureParameters } from '../architecture-parameters.ts'
import { expectedCostOf, type PerCandidate } from '../cost.ts'
import { relaxedHead } from '../head.ts'
import { relaxedNeck } from '../neck.ts'
import type { AutoFpnDimensions } from '../space.ts'
import { type Method, relaxedWeights } from './relaxation.ts'

/** A detector of which one module has all operators. */
export interface Supernet {
  /** Of the module that is searched; the other is null. */
  readonly dimensions: AutoFpnDimensions
  readonly method: Method
  /** What it reads: cached features, or images through a backbone. */
  readonly features: Features
  /** Of which the module that is searched is replaced. */
  readonly detector: TrainableDetector
  /** Of a cell's output. */
  readonly cellChannels: number
  readonly images: number
  readonly batchNorm: boolean
  /** Weight of the resource constraint, and C(O) of every candidate. */
  readonly lambda: number
  readonly costs: PerCandidate
  readonly contextOf: (graph: GraphBuilder) => LayerContext
}

type Weights = ArchitectureParameters<readonly Value[]>

/** The detector with the relaxed module in its place. @param weightsIn the weights of its operators in a graph */
export function relaxedDetector(
  {
    dimensions,
    detector,
    cellChannels,
    batchNorm,
  }: Pick<Supernet, 'dimensions' | 'detector' | 'cellChannels' | 'batchNorm'>,
  weightsIn: (graph: GraphBuilder) => Weights,
): TrainableDetector {
  const { channels } = detector
  const neck: TrainableDetector['neck'] = (context, levels) =>
    dimensions.neck === null
      ? detector.neck(context, levels)
      : relaxedNeck(context, levels, weightsIn(context.graph).alpha, { channels, batchNorm })
  if (detector.stages === 1 || dimensions.head === null) return { ...detector, neck }
  const { classes } = detector.options
  return {
    ...detector,
    neck,
    head: (context: LayerContext, regions: Value) =>
      relaxedHead(context, regions, weightsIn(context.graph).beta, {
        channels: cellChannels,
        batchNorm,
        classes,
      }),
  }
}

/** L(w, alpha, beta) = L_model + lambda C(alpha, beta) (section 3.5); `cost` is C. */
export const supernetLoss =
  (supernet: Supernet): Forward =>
  (graph) => {
    const { dimensions, method, contextOf, features, images, lambda, costs } = supernet
    const weights = relaxedWeights(graph, dimensions, method)
    const forward = lossOf(
      contextOf,
      features,
      relaxedDetector(supernet, () => weights),
      images,
    )
    const { loss, metrics } = forward(graph)
    const cost = expectedCostOf(graph, [...weights.alpha, ...weights.beta], costs)
    return {
      loss: add(graph, loss, mul(graph, cost, graph.scalar(lambda))),
      metrics: { ...metrics, model: loss, cost },
    }
  }

export interface SupernetGraphs {
  /** A step for the network's weights. */
  readonly weights: Graph
  /** One for alpha or beta. */
  readonly architecture: Graph
}

export interface ClippedSgd extends SgdOptions {
  /** The largest norm of the gradients of a step, all together. */
  readonly clip: number
}

/** The two steps of a search (section 3.4), on one state. */
export const supernetGraphs = (
  supernet: Supernet,
  options: {
    readonly weights: ClippedSgd
    readonly architecture: AdamOptions
    /** Of the engine that runs the steps. */
    readonly rewrites: Rewrites
  },
): SupernetGraphs => {
  const forward = supernetLoss(supernet)
  const { rewrites } = options
  return {
    weights: trainingStep(forward, clipping(sgd(options.weights), options.weights.clip), { rewrites }),
    architecture: trainingStep(forward, adam(options.architecture), { selected: isArchitecture, rewrites }),
  }
}
