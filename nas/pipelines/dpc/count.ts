import { cost } from '../../graph/cost.ts'
import { countsOf, graphOf, type NetworkCounts } from '../../nets/count.ts'
import { buildCell, type CellOptions } from '../../spaces/dpc/cell.ts'
import type { DpcGenotype } from '../../spaces/dpc/genotype.ts'

const PUBLISHED_CELL: CellOptions = { filters: 256, pyramidPooling: 'grid', rateMultiplier: 1 }

/**
 * Counts of a cell on the features of its backbone. Its `branches` and its `projection` are counted by themselves too, since
 * Table 1 of the DPC paper counts the branches alone.
 * @param input [C,H,W] of the features
 */
export function countCell(genotype: DpcGenotype, input: readonly number[]): NetworkCounts {
  const graph = graphOf((context, features) => buildCell(context, features, genotype, PUBLISHED_CELL), input)
  const branches = genotype.branches.map((_, i) => cost(graph, `cell/branch${i}`))
  return {
    ...countsOf([cost(graph)]),
    scopes: { branches: countsOf(branches), projection: countsOf([cost(graph, 'cell/projection')]) },
  }
}
