import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { mul } from '../../graph/ops/mul.ts'
import { reduceSum } from '../../graph/ops/reduce-sum.ts'
import { reshape } from '../../graph/ops/reshape.ts'
import { REGION_SIDE } from '../../nets/detection/head.ts'
import { float32 } from '../../tensor.ts'
import { CELL_LINKS, layerLinks, NODES } from './links.ts'
import { HEAD_OPERATORS, NECK_OPERATORS, OPERATIONS, type Operator } from './operators.ts'

/** What section 3.5 weighs of an operator. */
export interface OperatorCost {
  readonly parameters: number
  readonly multiplyAdds: number
  /**
   * Numbers read and written (ShuffleNet V2, arXiv 1807.11164, section 2): the input, the output and the weights of each convolution. An
   * identity reads and writes its map, which tells it from `none`.
   */
  readonly memoryAccess: number
}

/** @param channels of a map; @param pixels of it, over all that an image has */
export function operatorCost(
  operator: Operator,
  { channels, pixels }: { readonly channels: number; readonly pixels: number },
): OperatorCost {
  const operation = OPERATIONS[operator]
  const map = channels * pixels
  const convolutions = (...weights: readonly number[]): OperatorCost => {
    const parameters = weights.reduce((sum, each) => sum + each, 0)
    return {
      parameters,
      multiplyAdds: parameters * pixels,
      memoryAccess: 2 * map * weights.length + parameters,
    }
  }
  switch (operation.kind) {
    case 'none':
      return convolutions()
    case 'identity':
      return { ...convolutions(), memoryAccess: 2 * map }
    case 'separable':
      return convolutions(channels * operation.kernel ** 2, channels ** 2)
    case 'conv':
      return convolutions(channels ** 2 * operation.kernel ** 2)
  }
}

/** A number for every candidate of every link: by layer or cell, by link, by operator. */
export type PerCandidate<T = number> = readonly (readonly (readonly T[])[])[]

/** Of a neck: operators work at the resolution of their source. @param pixels of each level, from the finest */
export const neckCosts = (
  pixels: readonly number[],
  { layers, channels }: { readonly layers: number; readonly channels: number },
): PerCandidate<OperatorCost> =>
  repeated(
    layers,
    layerLinks(pixels.length).map(({ source }) =>
      NECK_OPERATORS.map((operator) => operatorCost(operator, { channels, pixels: pixels[source]! })),
    ),
  )

/** Of a head. @param channels of a cell's output; @param regions of an image */
export const headCosts = ({
  cells,
  channels,
  regions,
}: {
  readonly cells: number
  readonly channels: number
  readonly regions: number
}): PerCandidate<OperatorCost> =>
  repeated(
    cells,
    CELL_LINKS.map(() =>
      HEAD_OPERATORS.map((operator) =>
        operatorCost(operator, { channels: channels / NODES, pixels: regions * REGION_SIDE ** 2 }),
      ),
    ),
  )

const repeated = <T>(times: number, each: T): readonly T[] => Array<T>(times).fill(each)

const INDICES = ['parameters', 'multiplyAdds', 'memoryAccess'] as const

/**
 * C(O) of every candidate: the sum of its three costs, each over that of the module whose links all have the operator that costs most of
 * it. So C of a module is from 0, without links, to 3. The paper does not say by what it normalises.
 */
export function normalisedCosts(costs: PerCandidate<OperatorCost>): PerCandidate {
  const totals = INDICES.map((index) =>
    sum(costs.flat().map((candidates) => Math.max(...candidates.map((candidate) => candidate[index])))),
  )
  return costs.map((links) =>
    links.map((candidates) =>
      candidates.map((candidate) => sum(INDICES.map((index, i) => candidate[index] / totals[i]!))),
    ),
  )
}

/** C(alpha, beta) of a module (section 3.5): linear in the weights of its candidates. Likewise any other cost of them. */
export const expectedCost = (weights: PerCandidate, costs: PerCandidate): number =>
  sum(
    weights.flatMap((links, l) =>
      links.flatMap((candidates, i) => candidates.map((weight, k) => weight * costs[l]![i]![k]!)),
    ),
  )

/** The same as a scalar of a graph. @param weights softmax of the architecture parameters of each layer or cell [links, operators] */
export const expectedCostOf = (graph: GraphBuilder, weights: readonly Value[], costs: PerCandidate): Value =>
  weights
    .map((ofLayer, l) => {
      const constant = graph.constant(float32(ofLayer.type.shape, costs[l]!.flat()))
      return reshape(graph, reduceSum(graph, mul(graph, ofLayer, constant), [0, 1]), [])
    })
    .reduce((total, term) => add(graph, total, term))

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
