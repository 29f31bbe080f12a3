import { mean, standardDeviation } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import type { Graph, Initialiser } from '../../../nas/graph/graph.ts'
import { initialise } from '../../../nas/training/initialise.ts'

/** The parameters of a graph that has these. */
function declare(declared: Readonly<Record<string, Initialiser>>): Graph['parameters'] {
  const graph = new GraphBuilder()
  for (const [name, initialiser] of Object.entries(declared))
    graph.parameter(name, { dtype: 'float32', shape: [100, 200], role: 'weight', initialiser })
  return graph.parameters
}

const first = (initialiser: Initialiser) => {
  const { data, shape, dtype } = initialise(declare({ w: initialiser }), 7).w!
  expect({ shape, dtype, length: data.length }).toEqual({
    shape: [100, 200],
    dtype: 'float32',
    length: 20_000,
  })
  return [...data]
}

describe('initialise', () => {
  it('fills with a constant', () => {
    expect(new Set(first({ kind: 'constant', value: 0.5 }))).toEqual(new Set([0.5]))
  })

  it('draws He normal numbers of deviation sqrt(2 / fan-out)', () => {
    const numbers = first({ kind: 'he-normal', fanOut: 32 })
    expect(mean(numbers)).toBeCloseTo(0, 2)
    expect(standardDeviation(numbers)).toBeCloseTo(0.25, 2)
    expect(Math.max(...numbers)).toBeGreaterThan(0.75)
  })

  it('cuts a truncated normal at two deviations', () => {
    const numbers = first({ kind: 'truncated-normal', deviation: 0.33 })
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.66))
    expect(mean(numbers)).toBeCloseTo(0, 2)
    // The deviation of a standard normal cut at ±2 is sqrt(1 - 4 φ(2) / (2 Φ(2) - 1)) = 0.87963.
    expect(standardDeviation(numbers)).toBeCloseTo(0.33 * 0.87963, 2)
  })

  it('gives a parameter the same numbers whatever else is in its graph', () => {
    const normal: Initialiser = { kind: 'he-normal', fanOut: 2 }
    const alone = initialise(declare({ b: normal }), 3)
    const together = initialise(declare({ a: normal, b: normal }), 3)
    expect(together.b).toEqual(alone.b)
    expect(together.a!.data).not.toEqual(together.b!.data)
  })

  it('gives other numbers for another seed', () => {
    const parameters = declare({ w: { kind: 'he-normal', fanOut: 2 } })
    expect(initialise(parameters, 1)).not.toEqual(initialise(parameters, 2))
  })
})
