import type { PerOperation, Relaxation } from './relaxation.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'

/** Costs of the operations of a space, in a unit that adds up: milliseconds, or multiply-adds. */
export interface CostTable extends PerOperation {
  /** Of what all networks have: stem, first block, classifier. */
  readonly fixed: number
}

/** Eq. 5-7: the sum over all layers, in which a head layer counts by the probability of its path. */
export function summedCost(space: DenseNasSpace, relaxation: Relaxation, costs: CostTable): number {
  const { connections, stacks } = expectations(space, relaxation, costs)
  return sum([
    costs.fixed,
    ...stacks,
    ...connections.flat().map(({ probability, head }) => probability * head),
  ])
}

/**
 * The estimate of the released code (CVPR 2020, "chained cost estimation"): the cost from a block to the end is
 * cost(i) = sum_j p_ij (head_ij + stack_j + cost(j)), so it is the expectation over random walks along the paths.
 */
export function chainedCost(space: DenseNasSpace, relaxation: Relaxation, costs: CostTable): number {
  const { connections, stacks } = expectations(space, relaxation, costs)
  const remaining = stacks.map(() => 0)
  for (let i = connections.length - 1; i >= 0; i--)
    remaining[i] = sum(
      connections[i]!.map(({ to, probability, head }) => probability * (head + stacks[to]! + remaining[to]!)),
    )
  return costs.fixed + remaining[0]!
}

/** Expected costs of head layers by connection, grouped by the block that they come from, and of stacking layers by block. */
function expectations(space: DenseNasSpace, { paths, ...weights }: Relaxation, costs: PerOperation) {
  const blocks = blocksOf(space)
  return {
    connections: blocks.map(({ outputs }, i) =>
      outputs.map((to, k) => {
        const input = blocks[to]!.inputs.indexOf(i)
        const head = expectation(weights.head[to]![input]!, costs.head[to]![input]!)
        return { to, probability: paths[i]![k]!, head }
      }),
    ),
    stacks: blocks.map((_, i) =>
      sum(weights.stack[i]!.map((layer, l) => expectation(layer, costs.stack[i]![l]!))),
    ),
  }
}

const expectation = (weights: readonly number[], costs: readonly number[]) =>
  sum(weights.map((weight, o) => weight * costs[o]!))

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** Eq. 8: cross-entropy + lambda log_tau(cost). */
export const multiObjectiveLoss = (
  crossEntropy: number,
  cost: number,
  { lambda, tau }: { readonly lambda: number; readonly tau: number },
): number => crossEntropy + (lambda * Math.log(cost)) / Math.log(tau)
