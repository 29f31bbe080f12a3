import { type CostEstimate, costAndGradient } from '../cost-gradient.ts'
import type { CostTable } from '../expected-cost.ts'
import { mapSoftmaxes, type Relaxation } from '../relaxation.ts'
import type { DenseNasSpace } from '../space.ts'

/** The second term of Eq. 8: lambda log_tau(cost). */
export interface CostTerm {
  readonly table: CostTable
  readonly estimate: CostEstimate
  readonly lambda: number
  readonly tau: number
}

export const expectedCost = (space: DenseNasSpace, relaxation: Relaxation, cost: CostTerm): number =>
  costAndGradient(space, relaxation, cost.table, cost.estimate).cost

/** The gradient of the term. */
export function costSlopes(space: DenseNasSpace, relaxation: Relaxation, cost: CostTerm): Relaxation {
  const { cost: expected, gradient } = costAndGradient(space, relaxation, cost.table, cost.estimate)
  const scale = cost.lambda / (expected * Math.log(cost.tau))
  return mapSoftmaxes(gradient, (slopes) => slopes.map((slope) => scale * slope))
}
