import { GraphBuilder } from '../graph/builder.ts'
import type { Graph } from '../graph/graph.ts'
import { argmax } from '../graph/ops/argmax.ts'
import { softmax } from '../graph/ops/softmax.ts'
import { softmaxCrossEntropy } from '../graph/ops/softmax-cross-entropy.ts'
import type { Rewrites } from '../graph/rewrites.ts'
import type { Network } from '../nets/layers.ts'
import type { Optimiser } from './optimiser.ts'
import { runningDecay } from './running-decay.ts'
import { trainingStep } from './step.ts'

export interface ClassificationTask {
  /** From `image` to logits [N,classes]. */
  readonly network: Network
  /** [N,3,H,W] */
  readonly image: readonly [number, number, number, number]
}

/** Of batch normalisation: TensorFlow's default, with which MobileNets are trained. */
export const EPSILON = 1e-3

/** No image is without a class. */
export const NONE_IGNORED = -1

/**
 * A training step on cross entropy. Inputs: `image`, int32 `labels` [N], `learningRate`. Output: `loss`.
 * @param rewrites of the engine that runs the step
 */
export const classificationStep = (
  { network, image }: ClassificationTask,
  optimiser: Optimiser,
  {
    steps,
    labelSmoothing,
    rewrites,
  }: { readonly steps: number; readonly labelSmoothing: number; readonly rewrites: Rewrites },
): Graph =>
  trainingStep(
    (graph) => {
      const x = graph.input('image', { dtype: 'float32', shape: image })
      const labels = graph.input('labels', { dtype: 'int32', shape: [image[0]] })
      const batchNorm = { decay: runningDecay(steps), epsilon: EPSILON }
      const logits = network({ graph, mode: 'training', batchNorm }, x)
      return {
        loss: softmaxCrossEntropy(graph, logits, labels, { ignoreLabel: NONE_IGNORED, labelSmoothing }),
      }
    },
    optimiser,
    { rewrites },
  )

/** Classifies: `image` to `logits` and `probabilities`, both [N,classes], and int32 `predictions` [N]. */
export function classificationGraph({ network, image }: ClassificationTask, epsilon = EPSILON): Graph {
  const graph = new GraphBuilder()
  const x = graph.input('image', { dtype: 'float32', shape: image })
  const logits = network({ graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon } }, x)
  return graph.build({
    logits,
    probabilities: softmax(graph, logits, 1),
    predictions: argmax(graph, logits, 1),
  })
}
