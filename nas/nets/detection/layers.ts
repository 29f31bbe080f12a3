import type { GraphBuilder } from '../../graph/builder.ts'
import { same } from '../../graph/convolution.ts'
import type { Initialiser, Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { biasedConv2d } from '../../graph/ops/biased-conv2d.ts'
import { matmul } from '../../graph/ops/matmul.ts'

/*
 * Layers with biases and without batch normalisation, as detectors have them behind their backbone: batches of whole images are too
 * small for its statistics.
 */

interface Layer {
  /** Of the output. */
  readonly channels: number
  readonly initialiser: Initialiser
}

/** Normal, of variance 1 / fanIn: a linear layer keeps the variance of its input. */
export const keepsVariance = (fanIn: number): Initialiser => ({ kind: 'he-normal', fanOut: 2 * fanIn })

/** A convolution with bias: [N,C,H,W] to [N,channels,H,W]. */
export const convWithBias = (
  graph: GraphBuilder,
  scope: string,
  x: Value,
  { channels, kernel = 1, initialiser }: Layer & { readonly kernel?: number },
): Value =>
  graph.within(scope, () => {
    const shape = [channels, x.type.shape[1]!, kernel, kernel]
    const weight = graph.parameter('weight', { dtype: 'float32', shape, role: 'weight', initialiser })
    return biasedConv2d(graph, x, weight, bias(graph, channels), same([kernel, kernel]))
  })

/** A fully connected layer with bias: [N,F] to [N,channels]. */
export const linear = (
  graph: GraphBuilder,
  scope: string,
  x: Value,
  { channels, initialiser }: Layer,
): Value =>
  graph.within(scope, () => {
    const shape = [channels, x.type.shape[1]!]
    const weight = graph.parameter('weight', { dtype: 'float32', shape, role: 'weight', initialiser })
    return add(graph, matmul(graph, x, weight, { a: false, b: true }), bias(graph, channels))
  })

const bias = (graph: GraphBuilder, channels: number): Value =>
  graph.parameter('bias', {
    dtype: 'float32',
    shape: [channels],
    role: 'norm',
    initialiser: { kind: 'constant', value: 0 },
  })
