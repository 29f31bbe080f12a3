import { same } from '../graph/convolution.ts'
import type { Initialiser, Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { batchNorm } from '../graph/ops/batch-norm.ts'
import { batchNormInference } from '../graph/ops/batch-norm-inference.ts'
import { conv2d } from '../graph/ops/conv2d.ts'
import { matmul } from '../graph/ops/matmul.ts'
import { mul } from '../graph/ops/mul.ts'
import { reduceMean } from '../graph/ops/reduce-mean.ts'
import { relu } from '../graph/ops/relu.ts'
import { relu6 } from '../graph/ops/relu6.ts'
import { reshape } from '../graph/ops/reshape.ts'
import { float32 } from '../tensor.ts'
import { type ParameterContext, parameterIn, perChannel } from './parameters.ts'

/** The context that all layers of a network share. */
export interface LayerContext extends ParameterContext {
  /**
   * `training` normalises by batch statistics, updates the running ones and applies dropout; `evaluation` does none of these.
   * `search` normalises by batch statistics, without scale and shift, which would compete with architecture weights, and without
   * running statistics: the inputs of a supernet's layer depend on which operations were sampled before it.
   */
  readonly mode: 'training' | 'evaluation' | 'search'
  readonly batchNorm: BatchNormOptions
  /**
   * Is given the statistics of the batch in place of running averages, in training: sub-networks of a supernet have none that they
   * could share.
   */
  readonly onStatistics?: (scope: string, batch: BatchStatistics) => void
  /** What a residual block adds to its output; by default its input, where that has the same shape. */
  readonly skip?: (input: Value, output: Value) => Value | undefined
}

/** Mean and biased variance by channel, [C]. */
export interface BatchStatistics {
  readonly mean: Value
  readonly variance: Value
}

interface BatchNormOptions {
  /** running = decay * running + (1 - decay) * batch */
  readonly decay: number
  readonly epsilon: number
}

/** A network: adds its nodes to the graph, from its input to its output. */
export type Network = (context: LayerContext, input: Value) => Value

type Pair = readonly [height: number, width: number]

/** Applies blocks one after the other. @returns the output of each */
export function inTurn<B>(
  input: Value,
  blocks: readonly B[],
  apply: (x: Value, block: B, i: number) => Value,
): readonly Value[] {
  const outputs: Value[] = []
  for (const [i, block] of blocks.entries()) outputs.push(apply(outputs.at(-1) ?? input, block, i))
  return outputs
}

interface Filter {
  /** Side of the kernel; 1 by default. */
  readonly kernel?: number
  readonly stride?: number
  readonly dilation?: Pair
  readonly activation: 'relu' | 'relu6' | 'linear'
  /** He et al. by default. */
  readonly initialiser?: Initialiser
  /** Of the normalisation, at the start; 1 by default. */
  readonly scale?: number
  /** Lengths of the groups of input and output channels: see `AxisGroups`. */
  readonly inputs?: readonly number[]
  readonly outputs?: readonly number[]
}

/** Convolution, batch normalisation, activation: [N,C,H,W] to [N,channels,H',W'], padded so that odd kernels keep the size. */
export const convBn = (
  context: LayerContext,
  scope: string,
  x: Value,
  { groups = 1, ...filter }: Filter & { readonly channels: number; readonly groups?: number },
): Value => normalised(context, scope, x, { ...filter, groups, decayed: true })

/** Depthwise convolution, batch normalisation, activation. Depthwise filters have no weight decay. */
export function depthwiseBn(context: LayerContext, scope: string, x: Value, filter: Filter): Value {
  const channels = x.type.shape[1]!
  return normalised(context, scope, x, { ...filter, channels, groups: channels, decayed: false })
}

/**
 * The head of a classifier: global average pooling and a fully connected layer with bias. [N,C,H,W] to [N,classes].
 * @param inputs lengths of the groups of its input channels: see `AxisGroups`
 */
export const classifier = (
  context: LayerContext,
  x: Value,
  classes: number,
  inputs?: readonly number[],
): Value =>
  context.graph.within('classifier', () => {
    const { graph } = context
    const [n, c] = x.type.shape as [number, number]
    const pooled = reshape(graph, reduceMean(graph, x, [2, 3]), [n, c])
    const weight = parameterIn(
      context,
      'weight',
      {
        dtype: 'float32',
        shape: [classes, c],
        role: 'weight',
        initialiser: { kind: 'truncated-normal', deviation: 0.01 },
      },
      [undefined, inputs],
    )
    const y = matmul(graph, pooled, weight, { a: false, b: true })
    return add(graph, y, perChannel(context, 'bias', { shape: [classes], value: 0 }))
  })

/** A 1x1 convolution with bias: [N,C,H,W] to [N,channels,H,W]. */
export const pointwiseWithBias = (
  context: LayerContext,
  scope: string,
  x: Value,
  channels: number,
  initialiser: Initialiser,
): Value =>
  context.graph.within(scope, () => {
    const { graph } = context
    const shape = [channels, x.type.shape[1]!, 1, 1]
    const weight = parameterIn(context, 'weight', { dtype: 'float32', shape, role: 'weight', initialiser })
    const y = conv2d(graph, x, weight, same([1, 1]))
    return add(graph, y, perChannel(context, 'bias', { shape: [channels, 1, 1], value: 0 }))
  })

interface GroupedFilter extends Filter {
  readonly channels: number
  readonly groups: number
  readonly decayed: boolean
}

function normalised(context: LayerContext, scope: string, x: Value, filter: GroupedFilter): Value {
  const { graph } = context
  const { epsilon } = context.batchNorm
  const { channels, groups, decayed, kernel = 1, stride = 1, dilation = [1, 1], activation } = filter
  const fanOut = (channels / groups) * kernel * kernel
  return graph.within(scope, () => {
    const weight = parameterIn(
      context,
      'weight',
      {
        dtype: 'float32',
        shape: [channels, x.type.shape[1]! / groups, kernel, kernel],
        role: 'weight',
        decayed,
        initialiser: filter.initialiser ?? { kind: 'he-normal', fanOut },
      },
      [filter.outputs, filter.inputs],
    )
    const convolution = same([kernel, kernel], { stride, dilation, groups })
    const convolved = () => conv2d(graph, x, weight, convolution)
    const activate = (y: Value) =>
      activation === 'linear' ? y : activation === 'relu' ? relu(graph, y) : relu6(graph, y)
    return normalise(
      context,
      { channels, scale: filter.scale, groups: filter.outputs },
      {
        evaluated: (...statistics) =>
          activate(batchNormInference(graph, convolved(), ...statistics, { epsilon })),
        trained(gamma, beta) {
          const { y, ...statistics } = batchNorm(graph, convolved(), gamma, beta, { epsilon })
          return { y: activate(y), ...statistics }
        },
      },
    )
  })
}

interface Normalised {
  readonly channels: number
  readonly scale: number | undefined
  readonly groups: readonly number[] | undefined
}

/** The parameters of a batch normalisation (Ioffe and Szegedy 2015), and the updates of its running statistics. */
function normalise(
  context: LayerContext,
  { channels, scale = 1, groups }: Normalised,
  to: {
    readonly evaluated: (gamma: Value, beta: Value, mean: Value, variance: Value) => Value
    readonly trained: (gamma: Value, beta: Value) => ReturnType<typeof batchNorm>
  },
): Value {
  const { graph, mode, batchNorm, onStatistics } = context
  const shape = [channels]
  if (mode === 'search') {
    const constant = (value: number) => graph.constant(float32(shape, Array<number>(channels).fill(value)))
    return to.trained(constant(1), constant(0)).y
  }
  const gamma = perChannel(context, 'gamma', { shape, value: scale, groups })
  const beta = perChannel(context, 'beta', { shape, value: 0, groups })
  if (mode === 'training' && onStatistics !== undefined) {
    const { y, ...batch } = to.trained(gamma, beta)
    onStatistics(graph.scope, batch)
    return y
  }
  const running = {
    mean: perChannel(context, 'mean', { shape, value: 0, role: 'stat', groups }),
    variance: perChannel(context, 'variance', { shape, value: 1, role: 'stat', groups }),
  }
  if (mode === 'evaluation') return to.evaluated(gamma, beta, running.mean, running.variance)
  const batch = to.trained(gamma, beta)
  for (const name of ['mean', 'variance'] as const) {
    const decayed = mul(graph, running[name], graph.scalar(batchNorm.decay))
    const average = add(graph, decayed, mul(graph, batch[name], graph.scalar(1 - batchNorm.decay)))
    graph.update(graph.scoped(name), average)
  }
  return batch.y
}
