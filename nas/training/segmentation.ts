import { IGNORE } from '../data/dataset.ts'
import { GraphBuilder } from '../graph/builder.ts'
import type { Graph } from '../graph/graph.ts'
import { argmax } from '../graph/ops/argmax.ts'
import { reduceMean } from '../graph/ops/reduce-mean.ts'
import { resizeBilinear } from '../graph/ops/resize-bilinear.ts'
import { softmaxCrossEntropy } from '../graph/ops/softmax-cross-entropy.ts'
import type { Rewrites } from '../graph/rewrites.ts'
import type { Network } from '../nets/layers.ts'
import type { Optimiser } from './optimiser.ts'
import { runningDecay } from './running-decay.ts'
import { trainingStep } from './step.ts'

type Size = readonly [height: number, width: number]

/**
 * Training compares predictions with every fourth label in both directions: logits change slowly between features that are
 * 16 pixels apart, and a loss at full resolution would cost more than the cell.
 */
export const LABEL_STRIDE = 4

/** Height and width of labels subsampled at a stride: rows 0, s, 2s, … */
export const subsampled = ([height, width]: Size, stride: number): Size => [
  Math.floor((height - 1) / stride) + 1,
  Math.floor((width - 1) / stride) + 1,
]

export interface SegmentationTask {
  readonly network: Network
  /** What the network reads: its name among the inputs and its shape [N,C,H,W]. */
  readonly input: {
    readonly name: 'image' | 'features'
    readonly shape: readonly [number, number, number, number]
  }
  /** Height and width of the labels. */
  readonly labels: Size
  /** How much rare classes weigh in the loss, from 0 to 1 (nas/graph/label-weights.ts); 0 by default. */
  readonly classBalance?: number
}

type Segmenter = Pick<SegmentationTask, 'network' | 'input'>

/** DeepLab's batch normalisation; see `runningDecay`. */
const EPSILON = 1e-5

/**
 * A training step on cross entropy. Inputs: the network's, int32 `labels` [N,H,W], `learningRate`. Output: `loss`.
 * @param rewrites of the engine that runs the step
 */
export const segmentationStep = (
  { network, input, labels, classBalance = 0 }: SegmentationTask,
  optimiser: Optimiser,
  steps: number,
  rewrites: Rewrites,
): Graph =>
  trainingStep(
    (graph) => {
      const x = graph.input(input.name, { dtype: 'float32', shape: input.shape })
      const truth = graph.input('labels', { dtype: 'int32', shape: [input.shape[0], ...labels] })
      const context = {
        graph,
        mode: 'training',
        batchNorm: { decay: runningDecay(steps), epsilon: EPSILON },
      } as const
      const logits = resizeBilinear(graph, network(context, x), labels, { alignCorners: true })
      return { loss: softmaxCrossEntropy(graph, logits, truth, { ignoreLabel: IGNORE, classBalance }) }
    },
    optimiser,
    { rewrites },
  )

/** Segments: the network's input to `logits` [N,classes,H,W] and int32 `predictions` [N,H,W]. */
export function segmentationGraph(task: Segmenter): Graph {
  const { graph, logits } = segmented(task)
  return graph.build({ logits, predictions: argmax(graph, logits, 1) })
}

/**
 * What a score is counted from: the network's input to int32 `predictions` [N,H,W], and the mean of the logits, which is not finite
 * where one of them is not. The logits themselves are many times as large.
 */
export function scoringGraph(task: Segmenter): Graph {
  const { graph, logits } = segmented(task)
  return graph.build({
    mean: reduceMean(graph, logits, [0, 1, 2, 3]),
    predictions: argmax(graph, logits, 1),
  })
}

function segmented({ network, input }: Segmenter) {
  const graph = new GraphBuilder()
  const x = graph.input(input.name, { dtype: 'float32', shape: input.shape })
  const logits = network({ graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: EPSILON } }, x)
  return { graph, logits }
}
