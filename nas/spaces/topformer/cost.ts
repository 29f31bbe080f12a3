import { valueDim } from '../../nets/topformer/attention.ts'
import { hiddenChannels } from '../../nets/topformer/mlp.ts'
import { INJECTED } from '../../nets/topformer/network.ts'
import { TOKEN_STRIDE } from '../../nets/topformer/semantics.ts'
import type { TopformerGenotype, TransformerStage } from './genotype.ts'
import { latencyOf, type PartLatencies } from './parts.ts'
import { PYRAMID, STRIDES } from './space.ts'

/** What a network is made for. */
export interface TopformerTask {
  /** Pixels of the image. */
  readonly size: readonly [height: number, width: number]
  readonly classes: number
  /** Of its parts, where latency is limited. */
  readonly latencies?: PartLatencies
}

export interface TopformerCost {
  /** Weights, biases, and scale and shift of every normalisation. */
  readonly parameters: number
  /** Of convolutions, and of the two products of attention. */
  readonly multiplyAdds: number
  /**
   * As mmcv's get_model_complexity_info counts, in which the limits of the paper are given: convolutions, an addition for
   * each output with a bias, two for each number that is normalised, one for each activation, and no product of attention.
   */
  readonly flops: number
  /** Estimated milliseconds for one image (see `latencyOf`), where its parts were measured. */
  readonly latency?: number
}

/** Of a 3x3 convolution of stride 2 and padding 1, and of all other convolutions: padding is half a kernel. */
export const halved = (side: number): number => Math.floor((side - 1) / 2) + 1

/** Sums what layers cost, in the order of the network. */
function counter() {
  const sum = { weights: 0, normalised: 0, biases: 0, convolutions: 0, products: 0, additions: 0 }
  return {
    sum,
    /** @param inputs channels that an output channel reads */
    convolution(inputs: number, outputs: number, kernel: number, positions: number): void {
      sum.weights += inputs * outputs * kernel ** 2
      sum.convolutions += inputs * outputs * kernel ** 2 * positions
    },
    batchNorm(channels: number, positions: number): void {
      sum.normalised += channels
      sum.additions += 2 * channels * positions
    },
    bias(channels: number, positions: number): void {
      sum.biases += channels
      sum.additions += channels * positions
    },
    activation(channels: number, positions: number): void {
      sum.additions += channels * positions
    },
    product(multiplyAdds: number): void {
      sum.products += multiplyAdds
    },
  }
}
type Counter = ReturnType<typeof counter>

const normalised = (count: Counter, inputs: number, outputs: number, kernel: number, positions: number) => {
  count.convolution(inputs, outputs, kernel, positions)
  count.batchNorm(outputs, positions)
}

/**
 * What a network costs, by arithmetic: a search draws thousands of networks before one is within its limit, and building
 * the graph of each would take longer than evaluating those that are.
 */
export function costOf(genotype: TopformerGenotype, task: TopformerTask): TopformerCost {
  const { stem, convolutions, transformers, injection } = genotype
  const { size, classes, latencies } = task
  const count = counter()
  let [height, width] = size.map(halved) as [number, number]
  normalised(count, 3, stem, 3, height * width)
  count.activation(stem, height * width)

  let channels = stem
  const levels: { channels: number; positions: number }[] = []
  for (const [i, stage] of convolutions.entries()) {
    for (let block = 0; block < stage.depth; block++) {
      const hidden = channels * stage.expansion
      if (stage.expansion > 1) {
        normalised(count, channels, hidden, 1, height * width)
        count.activation(hidden, height * width)
      }
      if (block === 0 && STRIDES[i] === 2) [height, width] = [halved(height), halved(width)]
      normalised(count, 1, hidden, stage.kernel, height * width)
      count.activation(hidden, height * width)
      normalised(count, hidden, stage.width, 1, height * width)
      channels = stage.width
    }
    if ((PYRAMID as readonly number[]).includes(i)) levels.push({ channels, positions: height * width })
  }

  const tokens = levels.reduce((sum, level) => sum + level.channels, 0)
  const positions = tokenSide(height) * tokenSide(width)
  for (const stage of transformers)
    for (let block = 0; block < stage.depth; block++) transformer(count, stage, tokens, positions)

  for (const level of INJECTED) {
    const { channels, positions: local } = levels[level]!
    normalised(count, channels, injection, 1, local)
    // The gate and the global semantics.
    for (let i = 0; i < 2; i++) normalised(count, channels, injection, 1, positions)
    count.activation(injection, positions)
  }
  const { positions: last } = levels[INJECTED[0]]!
  normalised(count, injection, injection, 1, last)
  count.activation(injection, last)
  count.convolution(injection, classes, 1, last)
  count.bias(classes, last)

  const { weights, normalised: scales, biases, convolutions: macs, products, additions } = count.sum
  return {
    parameters: weights + 2 * scales + biases,
    multiplyAdds: macs + products,
    flops: macs + additions,
    ...(latencies && { latency: latencyOf(genotype, latencies) }),
  }
}

export const tokenSide = (side: number): number => Math.floor((side - 1) / TOKEN_STRIDE) + 1

function transformer(count: Counter, stage: TransformerStage, channels: number, positions: number): void {
  const { heads, keyDim, mlpRatio } = stage
  const values = heads * valueDim(stage)
  const hidden = hiddenChannels(channels, mlpRatio)
  for (let i = 0; i < 2; i++) normalised(count, channels, heads * keyDim, 1, positions)
  normalised(count, channels, values, 1, positions)
  count.product((heads * keyDim + values) * positions ** 2)
  count.activation(values, positions)
  normalised(count, values, channels, 1, positions)

  normalised(count, channels, hidden, 1, positions)
  count.convolution(1, hidden, 3, positions)
  count.bias(hidden, positions)
  count.activation(hidden, positions)
  normalised(count, hidden, channels, 1, positions)
}
