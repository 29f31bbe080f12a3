import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { viterbi } from '../../../../nas/spaces/densenas/viterbi.ts'

type Transitions = Parameters<typeof viterbi>[0]

const P: Transitions = [{ 1: 0.5, 2: 0.3, 3: 0.2 }, { 2: 0.2, 3: 0.5, 4: 0.3 }, { 3: 0.6, 4: 0.4 }, { 4: 1 }]

/** Any acyclic graph, with probabilities of 0 and equal ones among them. */
const graphs: fc.Arbitrary<Transitions> = fc.integer({ min: 1, max: 7 }).chain((last) =>
  fc.tuple(
    ...Array.from({ length: last }, (_, from) =>
      fc
        .array(fc.option(fc.constantFrom(0, 0.125, 0.25, 0.3, 0.5, 0.9, 1), { nil: undefined }), {
          minLength: last - from,
          maxLength: last - from,
        })
        .map((row) =>
          Object.fromEntries(row.flatMap((p, k) => (p === undefined ? [] : [[from + 1 + k, p]]))),
        ),
    ),
  ),
)

/** Every path with its probability. */
function allPaths(transitions: Transitions, from = 0): { nodes: number[]; probability: number }[] {
  if (from === transitions.length) return [{ nodes: [from], probability: 1 }]
  return Object.entries(transitions[from]!).flatMap(([to, p]) =>
    allPaths(transitions, Number(to)).map(({ nodes, probability }) => ({
      nodes: [from, ...nodes],
      probability: p * probability,
    })),
  )
}

describe('the most probable path', () => {
  it('is the one of the check vector, at every node', () => {
    expect(viterbi(P)).toEqual({ nodes: [0, 1, 3, 4], probability: 0.25 })
    expect(viterbi(P.slice(0, 2))).toEqual({ nodes: [0, 2], probability: 0.3 })
    expect(viterbi(P.slice(0, 3))).toEqual({ nodes: [0, 1, 3], probability: 0.25 })
  })

  it('is as probable as the best of all paths, and one of them', () => {
    fc.assert(
      fc.property(graphs, (transitions) => {
        const paths = allPaths(transitions)
        const best = Math.max(0, ...paths.map(({ probability }) => probability))
        if (best === 0) {
          expect(() => viterbi(transitions)).toThrow(/no path/)
          return
        }
        const found = viterbi(transitions)
        const listed = paths.find(({ nodes }) => nodes.join() === found.nodes.join())
        expect(found.probability).toBeCloseTo(best, 12)
        expect(listed?.probability).toBeCloseTo(best, 12)
      }),
      { numRuns: 500 },
    )
  })

  it('comes from the nearest of equal predecessors', () => {
    expect(viterbi([{ 1: 0.5, 2: 0.5 }, { 2: 0, 3: 1 }, { 3: 1 }]).nodes).toEqual([0, 2, 3])
  })

  it('is refused where parameters have diverged', () => {
    expect(() => viterbi([{ 1: Number.NaN }])).toThrow(expect.objectContaining({ code: 'invalid-genotype' }))
  })
})
