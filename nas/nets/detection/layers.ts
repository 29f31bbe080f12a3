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

interface Filter extends Layer {
  readonly kernel?: number
  readonly stride?: number
  readonly dilation?: number
}

/** A convolution with bias: [N,C,H,W] to [N,channels,H',W'], padded so that odd kernels keep the size, divided by the stride. */
export const convWithBias = (
  graph: GraphBuilder,
  scope: string,
  x: Value,
  { channels, kernel = 1, stride = 1, dilation = 1, initialiser }: Filter,
): Value =>
  graph.within(scope, () => {
    const shape = [channels, x.type.shape[1]!, kernel, kernel]
    const weight = graph.parameter('weight', { dtype: 'float32', shape, role: 'weight', initialiser })
    const convolution = same([kernel, kernel], { stride, dilation: [dilation, dilation] })
    return biasedConv2d(graph, x, weight, bias(graph, channels), convolution)
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
