import type { Random } from '../../../random.ts'
import type { PerOperation, Relaxation } from '../relaxation.ts'
import type { Layer, Supernet } from '../supernet.ts'

/** A sampled operation, and the factor of its output. */
export interface GatedOperation {
  readonly layer: Layer
  /** Index into the layer's candidates. */
  readonly candidate: number
  readonly gate: number
}

/**
 * Drop-path (section 3.3.3): draws operations by their weights, without replacement; of a layer that has fewer, all.
 * @param count 1 to train weights, 2 to train the architecture.
 * @returns indices of operations, ascending, by layer.
 */
export function sampleOperations({ head, stack }: PerOperation, count: number, rng: Random): PerOperation {
  // The smallest of exponential variables at the rates of the weights (Efraimidis and Spirakis 2006).
  const draw = (weights: readonly number[]) => {
    const times = weights.map((weight) => -Math.log(1 - rng.uniform()) / weight)
    return [...weights.keys()]
      .sort((a, b) => times[a]! - times[b]!)
      .slice(0, count)
      .sort((a, b) => a - b)
  }
  return { head: head.map((inputs) => inputs.map(draw)), stack: stack.map((layers) => layers.map(draw)) }
}

/** Weights of sampled operations, scaled so that they sum to 1. */
const renormalised = (weights: readonly number[], sampled: readonly number[]): number[] => {
  const sum = sampled.reduce((total, o) => total + weights[o]!, 0)
  return sampled.map((o) => weights[o]! / sum)
}

const pathOf = ({ connection }: Layer, { paths }: Relaxation): number =>
  connection === null ? 1 : paths[connection.block]![connection.output]!

/** Eq. 2 and 4 at once: an operation counts by its weight among the sampled, and a head layer by its path. */
export const gated = ({ layers }: Supernet, relaxation: Relaxation, sample: PerOperation): GatedOperation[] =>
  layers.flatMap((layer) => {
    const sampled = sample[layer.kind][layer.block]![layer.index]!
    const weights = renormalised(relaxation[layer.kind][layer.block]![layer.index]!, sampled)
    return sampled.map((candidate, s) => ({
      layer,
      candidate,
      gate: pathOf(layer, relaxation) * weights[s]!,
    }))
  })

/** Gradients by architecture parameters, in their shapes. */
export interface ArchitectureGradient extends PerOperation {
  readonly beta: readonly (readonly number[])[]
}

/**
 * From gradients by gates, and by all that the cost depends on, to those by alpha and beta. Among operations, the gates
 * depend on the sampled alone, but the cost on all; those that were not sampled get 0.
 * @param gates d loss / d gate, in the order of {@link gated}. @param cost d loss / d weights and path probabilities.
 */
export function architectureGradient(
  supernet: Supernet,
  relaxation: Relaxation,
  sample: PerOperation,
  gates: readonly number[],
  cost: Relaxation,
): ArchitectureGradient {
  const byPath = cost.paths.map((slopes) => [...slopes])
  const byAlpha = { head: zeros(relaxation.head), stack: zeros(relaxation.stack) }
  let next = 0
  for (const layer of supernet.layers) {
    const { kind, block, index, connection } = layer
    const weights = relaxation[kind][block]![index]!
    const sampled = sample[kind][block]![index]!
    const shares = renormalised(weights, sampled)
    const slopes = gates.slice(next, next + sampled.length)
    next += sampled.length
    if (connection !== null) byPath[connection.block]![connection.output]! += dot(shares, slopes)
    const path = pathOf(layer, relaxation)
    const ofLoss = throughSoftmax(
      shares,
      slopes.map((slope) => path * slope),
    )
    const ofCost = throughSoftmax(weights, cost[kind][block]![index]!)
    for (const [s, o] of sampled.entries()) byAlpha[kind][block]![index]![o] = ofLoss[s]! + ofCost[o]!
  }
  return { ...byAlpha, beta: byPath.map((slopes, i) => throughSoftmax(relaxation.paths[i]!, slopes)) }
}

/** d / d logit_i = y_i (d / d y_i - sum_j y_j d / d y_j) for y = softmax(logits). */
function throughSoftmax(y: readonly number[], slopes: readonly number[]): number[] {
  const mean = dot(y, slopes)
  return y.map((each, i) => each * (slopes[i]! - mean))
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, each, i) => sum + each * b[i]!, 0)

const zeros = (places: PerOperation['head']): number[][][] =>
  places.map((layers) => layers.map((layer) => layer.map(() => 0)))
