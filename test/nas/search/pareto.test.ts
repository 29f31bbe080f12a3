import { expect, test } from 'vitest'
import { random } from '../../../nas/random.ts'
import { paretoFront } from '../../../nas/search/pareto.ts'

test('a front has those, and only those, that nothing beats', () => {
  const rng = random(0, 'pareto')
  const rated = Array.from({ length: 300 }, (_, id) => ({
    id,
    cost: rng.integer(40),
    score: rng.integer(40) / 40,
  }))
  const front = paretoFront(rated)
  const beats = (a: (typeof rated)[number], b: (typeof rated)[number]) =>
    a.cost <= b.cost && a.score >= b.score && (a.cost < b.cost || a.score > b.score)
  const unbeaten = rated.filter((each) => !rated.some((other) => beats(other, each)))
  const values = (list: readonly { cost: number; score: number }[]) =>
    [...new Set(list.map(({ cost, score }) => `${cost} ${score}`))].sort()
  expect(values(front)).toEqual(values(unbeaten))
  expect(front).toHaveLength(values(front).length)
  expect(front.map(({ cost }) => cost)).toEqual(front.map(({ cost }) => cost).toSorted((a, b) => a - b))
})

test('of equals, the first stays', () => {
  const rated = [
    { id: 'a', cost: 1, score: 0.5 },
    { id: 'b', cost: 1, score: 0.5 },
  ]
  expect(paretoFront(rated)).toEqual([rated[0]])
  expect(paretoFront([])).toEqual([])
})
