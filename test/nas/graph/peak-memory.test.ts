import { expect, test } from 'vitest'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { concat } from '../../../nas/graph/ops/concat.ts'
import { relu } from '../../../nas/graph/ops/relu.ts'
import { peakMemory } from '../../../nas/graph/peak-memory.ts'

test('the peak is what exists at once: a value goes after its last use, inputs and outputs stay', () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1, 1, 10, 10] })
  const a = relu(graph, x)
  const b = concat(graph, [a, a], 1)
  const c = relu(graph, b)
  // x, b and c; a has gone by then.
  expect(peakMemory(graph.build({ c }))).toBe(4 * (100 + 200 + 200))
  // An output that is made early stays.
  expect(peakMemory(graph.build({ a, c }))).toBe(4 * (100 + 100 + 200 + 200))
})
