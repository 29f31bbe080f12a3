import { expect, it } from 'vitest'
import { autoFpnEstimate } from '../../../../nas/pipelines/auto-fpn/estimate.ts'
import { aConfig } from './example.ts'

const pace = {
  secondsPerStep: { backbone: 2, neck: 3, head: 5, evolution: 11, detector: 7 },
  evaluation: { neck: 4, head: 6, evolution: 9, detector: 8 },
  features: 40,
}
const capacity = { usdPerHour: 3600, concurrency: 2, startUp: 10 }

it('the estimate of a run counts its jobs by hand', () => {
  const config = aConfig(
    'backbone.pretrain={steps: 8}',
    'search={steps: 9}',
    'retrain={steps: 6, seeds: [0, 1]}',
    'baselines={fpn: true, random: 1, snas: true}',
  )
  const { byJob, ...total } = autoFpnEstimate(config, pace, capacity)
  expect(byJob.backbone.usd).toBeCloseTo(10 + 8 * 2)
  expect(byJob.features.usd).toBeCloseTo(10 + 40)
  // Six of nine steps are followed by one for the architecture; two methods at once.
  expect(byJob.neck.usd).toBeCloseTo(2 * (10 + 15 * 3 + 4))
  expect(byJob.neck.hours * 3600).toBeCloseTo(10 + 15 * 3 + 4)
  expect(byJob.head.usd).toBeCloseTo(2 * (10 + 15 * 5 + 6))
  // What was found, FPN's, SNAS's and a random one, with two seeds, two at once.
  expect(byJob.detector.usd).toBeCloseTo(8 * (10 + 6 * 7 + 8))
  expect(byJob.detector.hours * 3600).toBeCloseTo(4 * (10 + 6 * 7 + 8))
  expect(byJob.evolution.usd).toBe(0)
  expect(total).toMatchObject({ evaluations: 0, usd: expect.closeTo(26 + 50 + 118 + 182 + 480) })
})

it('evolution waits for the last detector of each round, and its best is trained beside the others', () => {
  const evolution = 'evolution: {evaluations: 8, perRound: 5, population: 4, steps: 3}'
  const { byJob, evaluations } = autoFpnEstimate(
    aConfig('retrain={steps: 6}', `baselines={fpn: true, random: 0, ${evolution}}`),
    pace,
    capacity,
  )
  const seconds = 10 + 3 * 11 + 9
  expect(evaluations).toBe(8)
  expect(byJob.evolution.usd).toBeCloseTo(8 * seconds)
  // Two at once: rounds of five and three.
  expect(byJob.evolution.hours * 3600).toBeCloseTo((3 + 2) * seconds)
  expect(byJob.detector.usd).toBeCloseTo(3 * (10 + 6 * 7 + 8))
})

it('nothing is trained or cached that the search does not need', () => {
  const spared = (...overrides: readonly string[]) =>
    Object.entries(autoFpnEstimate(aConfig(...overrides), pace, capacity).byJob)
      .filter(([, { usd }]) => usd === 0)
      .map(([job]) => job)
  const free = (...overrides: readonly string[]) => spared('baselines.evolution={}', ...overrides)
  expect(free()).toEqual([])
  expect(spared()).toEqual(['evolution'])
  expect(free('backbone.weights=/w.safetensors')).toEqual(['backbone'])
  expect(free('search.freezeBackbone=false')).toEqual(['features'])
  expect(free('search.modules=neck')).toEqual(['head'])
  expect(free('search.modules=head')).toEqual(['neck'])
  expect(spared('search.genotype=another-run')).toEqual(['features', 'neck', 'head', 'evolution'])
})
