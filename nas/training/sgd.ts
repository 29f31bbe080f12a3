import { add } from '../graph/ops/add.ts'
import { mul } from '../graph/ops/mul.ts'
import { sub } from '../graph/ops/sub.ts'
import { type Optimiser, slot, withWeightDecay } from './optimiser.ts'

export interface SgdOptions {
  /** The weight of the last step's direction; customarily 0.9. */
  readonly momentum: number
  readonly weightDecay: number
}

/** Stochastic gradient descent with momentum: v ← momentum · v + g, w ← w - learningRate · v. */
export const sgd =
  ({ momentum, weightDecay }: SgdOptions): Optimiser =>
  (graph, trained, gradients, learningRate) => {
    trained.forEach(({ parameter, value }, i) => {
      const { name, shape } = parameter
      const gradient = withWeightDecay(graph, { parameter, value }, gradients[i]!, weightDecay)
      const velocity = slot(graph, `${name}:momentum`, shape)
      const next = add(graph, mul(graph, velocity, graph.scalar(momentum)), gradient)
      graph.update(`${name}:momentum`, next)
      graph.update(name, sub(graph, value, mul(graph, next, learningRate)))
    })
  }
