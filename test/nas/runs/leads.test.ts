import { expect, test } from 'vitest'
import { ofSums } from '../../../nas/metrics/bootstrap.ts'
import { comparedWith } from '../../../nas/runs/comparison.ts'
import { leadsOf } from '../../../nas/runs/leads.ts'
import { failed } from '../../../nas/runs/result.ts'
import { isWithinNoise, testScoreOf } from '../../../nas/tasks/test-score.ts'

const trialOf = (n: number) => n.toString(16).padStart(64, '0')

/** A classifier that is right for so many of the first of 100 images. */
const result = (right: number, more: object = {}) =>
  ({
    status: 'succeeded',
    score: 0.5,
    loss: 1,
    parameters: 7,
    multiplyAdds: 9,
    test: testScoreOf(
      ofSums(
        Array.from({ length: 100 }, (_, i) => Float64Array.of(Number(i < right), 1)),
        ([hits, images]) => hits! / images!,
      ),
    ),
    ...more,
  }) as const

const candidate = (role: string, n: number) => ({
  role,
  trials: [0, 1].map((seed) => ({ seed, trial: trialOf(10 * n + seed) })),
})
const found = comparedWith(candidate('found', 1), [result(60), result(70)])
const close = comparedWith(candidate('random', 2), [result(64), result(65)])
const far = comparedWith(candidate('random', 3), [result(20), result(21)])
const other = comparedWith(candidate('known', 4), [result(64), result(64)])

test('a test score is the mean over seeds, with an interval over images', () => {
  const { score, low, high, images } = found.compared.test!
  expect(score).toBeCloseTo(0.65, 10)
  expect([low < 0.65, high > 0.65, images]).toEqual([true, true, 100])
  expect(found.compared).not.toHaveProperty('test.resamples')
})

test('one seed without a test score, or a failed one, leaves none', () => {
  const { test: _, ...without } = result(60)
  expect(comparedWith(candidate('found', 1), [result(60), without]).compared).not.toHaveProperty('test')
  expect(comparedWith(candidate('found', 1), [result(60), failed('x')]).compared).not.toHaveProperty('test')
})

test('a lead is over the mean of the baselines of a role, and within noise where its interval includes 0', () => {
  const { leads } = leadsOf([found, close, far, other], trialOf(10), (role) => role !== 'found')
  expect(leads!.map(({ role, networks }) => [role, networks])).toEqual([
    ['random', 2],
    ['known', 1],
  ])
  const [random, known] = leads!.map(({ lead }) => lead)
  expect(random!.value).toBeCloseTo(0.65 - 0.425, 10)
  expect(known!.value).toBeCloseTo(0.01, 10)
  expect([random, known].map((lead) => isWithinNoise(lead!))).toEqual([false, true])
})

test('without test images nothing is told', () => {
  const { test: _, ...without } = result(60)
  const plain = comparedWith(candidate('found', 1), [without, without])
  expect(leadsOf([plain, close], trialOf(10), () => true)).toEqual({})
})
