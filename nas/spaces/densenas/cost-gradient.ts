import type { CostTable } from './expected-cost.ts'
import type { Relaxation } from './relaxation.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'

export type CostEstimate = 'summed' | 'chained'

/**
 * The expected cost (see `summedCost` and `chainedCost`) and its derivatives by every path probability and every weight of an
 * operation.
 *
 * A connection counts by its expected number of visits: one for the sum over all layers (Eq. 7), else that of the block
 * before it in a random walk, visit(j) = sum_i visit(i) p_ij.
 */
export function costAndGradient(
  space: DenseNasSpace,
  { paths, head, stack }: Relaxation,
  costs: CostTable,
  estimate: CostEstimate,
): { readonly cost: number; readonly gradient: Relaxation } {
  const blocks = blocksOf(space)
  const chained = estimate === 'chained'
  const heads = head.map((inputs, i) => inputs.map((weights, k) => dot(weights, costs.head[i]![k]!)))
  const stacks = stack.map((layers, i) => sum(layers.map((weights, l) => dot(weights, costs.stack[i]![l]!))))
  const headFrom = (i: number, to: number) => heads[to]![blocks[to]!.inputs.indexOf(i)]!

  const remaining = blocks.map(() => 0)
  for (let i = blocks.length - 1; i >= 0; i--)
    remaining[i] = sum(
      blocks[i]!.outputs.map(
        (to, k) => paths[i]![k]! * (headFrom(i, to) + (chained ? stacks[to]! + remaining[to]! : 0)),
      ),
    )
  const visits = blocks.map((_, i) => (chained && i > 0 ? 0 : 1))
  if (chained)
    for (const [i, { outputs }] of blocks.entries())
      for (const [k, to] of outputs.entries()) visits[to]! += visits[i]! * paths[i]![k]!

  return {
    cost: costs.fixed + (chained ? remaining[0]! : sum([...remaining, ...stacks])),
    gradient: {
      paths: blocks
        .slice(0, -1)
        .map(({ outputs }, i) =>
          outputs.map((to) => visits[i]! * (headFrom(i, to) + (chained ? stacks[to]! + remaining[to]! : 0))),
        ),
      head: blocks.map(({ inputs }, to) =>
        inputs.map((i, k) => {
          const probability = paths[i]![blocks[i]!.outputs.indexOf(to)]!
          return costs.head[to]![k]!.map((cost) => visits[i]! * probability * cost)
        }),
      ),
      stack: costs.stack.map((layers, i) => layers.map((layer) => layer.map((cost) => visits[i]! * cost))),
    },
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

const dot = (weights: readonly number[], costs: readonly number[]): number =>
  sum(weights.map((weight, o) => weight * costs[o]!))
