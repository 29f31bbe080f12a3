import type { GraphBuilder } from '../../../nas/graph/builder.ts'
import { same } from '../../../nas/graph/convolution.ts'
import type { ParameterRole, Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { batchNorm } from '../../../nas/graph/ops/batch-norm.ts'
import { conv2d } from '../../../nas/graph/ops/conv2d.ts'
import { dropout } from '../../../nas/graph/ops/dropout.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { relu } from '../../../nas/graph/ops/relu.ts'
import { softmaxCrossEntropy } from '../../../nas/graph/ops/softmax-cross-entropy.ts'
import { random } from '../../../nas/random.ts'
import { float32, int32, type Tensors } from '../../../nas/tensor.ts'
import { dropoutNoise } from '../../../nas/training/noise.ts'
import type { Objective } from '../../../nas/training/step.ts'

const [n, h, w] = [2, 9, 11]
const [filters, oneIn] = [8, 10]
export const classes = 3
export const ignoreLabel = 255

/** A small segmenter with all that a real one has to keep between steps: weights, statistics, dropout. */
export function segmentation(graph: GraphBuilder): Objective {
  const image = graph.input('image', { dtype: 'float32', shape: [n, 3, h, w] })
  const labels = graph.input('labels', { dtype: 'int32', shape: [n, h, w] })
  const channelNoise = graph.input('channelNoise', { dtype: 'int32', shape: [n, filters, 1, 1] })
  const positionNoise = graph.input('positionNoise', { dtype: 'int32', shape: [n, 1, h, w] })

  const conv = conv2d(graph, image, weight(graph, 'conv/weight', [filters, 3, 3, 3]), same([3, 3]))
  const gamma = perChannel(graph, 'bn/gamma', 1, 'norm')
  const beta = perChannel(graph, 'bn/beta', 0, 'norm')
  const { y, mean } = batchNorm(graph, conv, gamma, beta, { epsilon: 1e-5 })
  const running = mul(graph, perChannel(graph, 'bn/mean', 0, 'stat'), graph.scalar(0.9))
  graph.update('bn/mean', add(graph, running, mul(graph, mean, graph.scalar(0.1))))

  const kept = dropout(graph, relu(graph, y), channelNoise, positionNoise, { oneIn })
  const logits = conv2d(graph, kept, weight(graph, 'logits/weight', [classes, filters, 1, 1]), same([1, 1]))
  return { loss: softmaxCrossEntropy(graph, logits, labels, { ignoreLabel }) }
}

const weight = (graph: GraphBuilder, name: string, shape: readonly number[]): Value =>
  graph.parameter(name, {
    dtype: 'float32',
    shape,
    role: 'weight',
    initialiser: { kind: 'he-normal', fanOut: shape[0]! },
  })

const perChannel = (graph: GraphBuilder, name: string, value: number, role: ParameterRole): Value =>
  graph.parameter(name, {
    dtype: 'float32',
    shape: [filters],
    role,
    initialiser: { kind: 'constant', value },
  })

/** Noise whose label is the strongest of its three channels, and the dropout of the step. */
export async function segmentationBatch(step: number): Promise<Tensors> {
  const rng = random(5, 'noise', step)
  const plane = h * w
  const image = Float32Array.from({ length: n * 3 * plane }, () => rng.normal())
  const labels = Int32Array.from({ length: n * plane }, (_, pixel) => {
    const first = Math.floor(pixel / plane) * 3 * plane + (pixel % plane)
    const channels = [0, 1, 2].map((channel) => image[first + channel * plane]!)
    return channels.indexOf(Math.max(...channels))
  })
  return {
    image: float32([n, 3, h, w], image),
    labels: int32([n, h, w], labels),
    ...dropoutNoise({ shape: [n, filters, h, w], oneIn, seed: 5, step }),
  }
}
