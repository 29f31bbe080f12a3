import type { GraphBuilder } from '../../../graph/builder.ts'
import type { Graph, Value } from '../../../graph/graph.ts'
import { mul } from '../../../graph/ops/mul.ts'
import { softmaxCrossEntropy } from '../../../graph/ops/softmax-cross-entropy.ts'
import type { Rewrites } from '../../../graph/rewrites.ts'
import { EPSILON, NONE_IGNORED } from '../../../training/classification.ts'
import type { Optimiser } from '../../../training/optimiser.ts'
import type { Features, Part } from '../../../training/parts/part.ts'
import { type ForwardBackward, lossStep, partStep } from '../../../training/parts/part-step.ts'
import { NO_TARGET, type TrainTarget, weightsTarget } from '../../../training/parts/train-target.ts'
import type { SupernetOptions } from './graphs.ts'
import { readOf } from './moments.ts'

/** What a step trains: the weights of the operations, or the architecture by their gates. */
export type StepTarget =
  | { readonly kind: 'weights'; readonly optimiser: Optimiser }
  | { readonly kind: 'architecture' }

const SCALAR = { dtype: 'float32', shape: [] } as const

/**
 * An operation between features: to += gate · operation(from), and backward.
 *
 * Both programs take `gate`. The backward pass takes `learningRate` and updates the weights, or gives `gateGradient`.
 */
export const operationStep = (
  part: Part & { readonly from: Features; readonly to: Features },
  target: StepTarget,
  { needsInputGradient, rewrites }: { readonly needsInputGradient: boolean; readonly rewrites: Rewrites },
): ForwardBackward =>
  partStep({
    scope: part.scope,
    from: readOf(part.from, rewrites),
    to: part.to,
    writes: 'add',
    needsInputGradient,
    build(graph, [x, mean, covariance]) {
      const gate = graph.input('gate', SCALAR)
      const y = mul(graph, apply(graph, part, x!), gate)
      const known = mean && covariance && { mean, covariance }
      const momentsOf = (value: Value) => (value === x ? known : undefined)
      const gates = { values: [gate], apply: ([slope]: readonly Value[]) => ({ gateGradient: slope! }) }
      return {
        y,
        target: target.kind === 'weights' ? weightsTarget(graph, target.optimiser) : gates,
        momentsOf,
      }
    },
    rewrites,
  })

/** The part from the input `image` to features, and backward; for the architecture, forward alone: the stem has no gates. */
export const stemStep = (
  part: Part & { readonly to: Features },
  image: readonly number[],
  target: StepTarget,
  rewrites: Rewrites,
): ForwardBackward =>
  partStep({
    scope: part.scope,
    from: [],
    to: part.to,
    writes: 'set',
    needsInputGradient: false,
    build(graph) {
      const y = apply(graph, part, graph.input('image', { dtype: 'float32', shape: image }))
      return { y, target: targetOf(graph, target) }
    },
    rewrites,
  })

/**
 * The part from features to logits [N,classes]: forward, loss, and backward. Takes int32 `labels` [N], and `learningRate` to
 * update the weights; gives `loss` and `logits`.
 */
export const classifierStep = (
  part: Part & { readonly from: Features },
  target: StepTarget,
  { labelSmoothing, rewrites }: Pick<SupernetOptions, 'labelSmoothing' | 'rewrites'>,
): Graph =>
  lossStep({
    from: [part.from],
    build(graph, [x]) {
      const logits = apply(graph, part, x!)
      const labels = graph.input('labels', { dtype: 'int32', shape: [part.from.shape[0]!] })
      const loss = softmaxCrossEntropy(graph, logits, labels, { ignoreLabel: NONE_IGNORED, labelSmoothing })
      return { loss, metrics: { logits }, target: targetOf(graph, target) }
    },
    rewrites,
  })

const apply = (graph: GraphBuilder, { scope, build }: Part, x: Value): Value =>
  graph.within(scope, () => build({ graph, mode: 'search', batchNorm: { decay: 0, epsilon: EPSILON } }, x))

/** Of a part without gates. */
const targetOf = (graph: GraphBuilder, target: StepTarget): TrainTarget =>
  target.kind === 'weights' ? weightsTarget(graph, target.optimiser) : NO_TARGET
