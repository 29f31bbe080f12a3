import { TrellisError } from '../errors.ts'
import { GraphBuilder } from '../graph/builder.ts'
import { type Cost, cost } from '../graph/cost.ts'
import type { Graph } from '../graph/graph.ts'
import { BACKBONES } from './backbones/index.ts'
import type { LayerContext, Network } from './layers.ts'

/** `parameters` are all that is trained, `convolutionWeights` leave out normalisation, biases and linear layers. */
export type Counts = Pick<Cost, 'parameters' | 'convolutionWeights' | 'multiplyAdds'>

/** Of the whole, and of the parts that a paper counts by themselves. */
export interface NetworkCounts extends Counts {
  readonly scopes: Readonly<Record<string, Counts>>
  /** Of a detector: for how many regions of an image the multiply-adds of its head are. */
  readonly regions?: number
  /** Of a network whose classes can be chosen: how many it has, without background. */
  readonly classes?: number
}

export const IMAGENET_CLASSES = 1000

/** Classifiers of ImageNet that come from no search, by name. */
export const CLASSIFIERS: ReadonlyMap<string, Network> = new Map(
  Object.entries(BACKBONES).map(([name, backbone]) => [
    name,
    (context, image) => backbone.classifier(context, image, IMAGENET_CLASSES),
  ]),
)

/**
 * Counts for a batch of one, from shapes alone: nothing is allocated.
 * @param input [C,H,W] of the image
 * @throws TrellisError `invalid-config` for other than 3 channels
 */
export function countClassifier(network: Network, input: readonly number[]): NetworkCounts {
  checkImage('classifier', input)
  return { ...countsOf([cost(graphOf(network, input))]), scopes: {} }
}

/** @throws TrellisError `invalid-config` for other than 3 channels */
export function checkImage(network: string, [channels]: readonly number[]): void {
  if (channels !== 3)
    throw new TrellisError('invalid-config', `a ${network} sees images of 3 channels, not of ${channels}`, {
      fix: 'give its input as 3xHxW',
    })
}

/** The graph of a network in evaluation. @param shape [C,H,W] of its input */
export function graphOf(network: Network, shape: readonly number[]): Graph {
  const graph = new GraphBuilder()
  const input = graph.input('input', { dtype: 'float32', shape: [1, ...shape] })
  return graph.build({ output: network(countingContext(graph), input) })
}

/** Evaluation, in which a network is counted. */
export const countingContext = (graph: GraphBuilder): LayerContext => ({
  graph,
  mode: 'evaluation',
  batchNorm: { decay: 0.9997, epsilon: 1e-5 },
})

export const countsOf = (costs: readonly Cost[]): Counts => {
  const sum = (of: keyof Counts) => costs.reduce((total, each) => total + each[of], 0)
  return {
    parameters: sum('parameters'),
    convolutionWeights: sum('convolutionWeights'),
    multiplyAdds: sum('multiplyAdds'),
  }
}
