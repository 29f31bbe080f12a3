import { expect, test } from 'vitest'
import { random } from '../../nas/random.ts'

test('streams of other names or other seeds are other streams, all of 200,000', () => {
  const first = new Set<number>()
  for (let i = 0; i < 100_000; i++) {
    first.add(random(0, 'init', i).uniform())
    first.add(random(i, 'init').uniform())
  }
  // With 32 bits of state, five of them would be expected to be those of others.
  expect(first.size).toBe(200_000)
})

test('a stream is the same wherever it is asked for', () => {
  const draw = () => {
    const { uniform, integer, normal, shuffle } = random(3, 'crop', 7)
    return [uniform(), integer(10), normal(), ...shuffle([1, 2, 3, 4])]
  }
  expect(draw()).toEqual(draw())
})

test('uniform numbers and normal numbers have the moments that they should', () => {
  const { uniform, normal } = random(0, 'moments')
  const moments = (draw: () => number) => {
    const drawn = Array.from({ length: 100_000 }, draw)
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length
    return [mean, drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length]
  }
  const close = (found: readonly number[], expected: readonly number[]) =>
    found.forEach((value, i) => void expect(Math.abs(value - expected[i]!)).toBeLessThan(0.015))
  close(moments(uniform), [1 / 2, 1 / 12])
  close(moments(normal), [0, 1])
})
