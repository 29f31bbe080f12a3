import { expect, test } from 'vitest'
import type { Engine } from '../../../nas/engines/engine.ts'
import { difference, evaluate, forwardGraph, gradientGraph } from './check-op.ts'
import { opCases } from './op-cases/index.ts'

export const differentiable = opCases.filter(({ wrt }) => wrt.length > 0)

/**
 * Tests that an engine computes each operation, and its gradient, as another does.
 * @param engine asked for when a test runs
 * @param tolerance largest differences, relative to the largest number of each result
 */
export function testAlike(
  engine: () => Engine,
  reference: Engine,
  tolerance: { readonly operations: number; readonly gradients: number },
): void {
  test.each(opCases)('$title: the same in both', async (row) => {
    const graph = forwardGraph(row)
    const expected = await evaluate(reference, graph, row.inputs)
    expect(difference(await evaluate(engine(), graph, row.inputs), expected)).toBeLessThan(
      tolerance.operations,
    )
  })

  test.each(differentiable)('$title: the same gradient in both', async (row) => {
    const graph = gradientGraph(row)
    const expected = await evaluate(reference, graph, row.inputs)
    expect(difference(await evaluate(engine(), graph, row.inputs), expected)).toBeLessThan(
      tolerance.gradients,
    )
  })
}
