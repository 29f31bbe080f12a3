import type { GraphBuilder } from '../graph/builder.ts'
import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { div } from '../graph/ops/div.ts'
import { mul } from '../graph/ops/mul.ts'
import { sqrt } from '../graph/ops/sqrt.ts'
import { sub } from '../graph/ops/sub.ts'
import { type Optimiser, slot, withWeightDecay } from './optimiser.ts'

export interface AdamOptions {
  /** Decay rates of the first and second moments; 0.9 and 0.999 in the paper. */
  readonly betas: readonly [number, number]
  readonly epsilon: number
  readonly weightDecay: number
}

/**
 * Adam (Kingma and Ba 2015, Algorithm 1), weight decay as L2.
 *
 * The bias correction 1 - βᵗ is kept as the moving average of ones: unlike a step count it needs no power, and unlike
 * βᵗ it loses no digits near 1.
 */
export const adam =
  ({ betas: [beta1, beta2], epsilon, weightDecay }: AdamOptions): Optimiser =>
  (graph, trained, gradients, learningRate) => {
    const one = graph.scalar(1)
    // Weights and architecture parameters of one state have optimisers of their own.
    const ofArchitecture = trained.every(({ parameter }) => parameter.role === 'arch')
    const group = ofArchitecture ? 'adam:arch' : 'adam'
    const rate = div(graph, learningRate, movingAverage(graph, `${group}:first-correction`, one, beta1))
    const scale = sqrt(graph, movingAverage(graph, `${group}:second-correction`, one, beta2))
    trained.forEach(({ parameter, value }, i) => {
      const { name } = parameter
      const gradient = withWeightDecay(graph, { parameter, value }, gradients[i]!, weightDecay)
      const first = movingAverage(graph, `${name}:first-moment`, gradient, beta1)
      const second = movingAverage(graph, `${name}:second-moment`, mul(graph, gradient, gradient), beta2)
      const deviation = add(graph, div(graph, sqrt(graph, second), scale), graph.scalar(epsilon))
      graph.update(name, sub(graph, value, mul(graph, rate, div(graph, first, deviation))))
    })
  }

/** average ← beta · average + (1 - beta) · x, starting at 0. */
function movingAverage(graph: GraphBuilder, name: string, x: Value, beta: number): Value {
  const average = slot(graph, name, x.type.shape)
  const next = add(graph, mul(graph, average, graph.scalar(beta)), mul(graph, x, graph.scalar(1 - beta)))
  graph.update(name, next)
  return next
}
