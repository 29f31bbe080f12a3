import { expect, it } from 'vitest'
import { denseNasEstimate } from '../../../../nas/pipelines/densenas/estimate.ts'
import { aConfig } from './example.ts'

const pace = { latency: 50, evaluation: 7, secondsPerStep: { weights: 1, architecture: 3, classifier: 2 } }
const capacity = { usdPerHour: 3600, concurrency: 2, startUp: 10 }

it('the estimate of a run counts its jobs by hand', () => {
  const config = aConfig(
    'search={epochs: 5, architectureFrom: 2, batch: 10}',
    'retrain={epochs: 3, batch: 20, seeds: [0, 1]}',
    'baselines={random: 1, mobileNetV2: false}',
  )
  const { byJob, ...total } = denseNasEstimate(config, 100, pace, capacity)
  expect(byJob.latency.usd).toBeCloseTo(10 + 50)
  // Five steps an epoch on half of the images; epochs 2 and 4 are for the architecture.
  expect(byJob.supernet.usd).toBeCloseTo(10 + 5 * (3 * 1 + 2 * 3))
  // Two networks with two seeds, two at once.
  expect(byJob.classifier.usd).toBeCloseTo(4 * (10 + 15 * 2 + 7))
  expect(byJob.classifier.hours * 3600).toBeCloseTo(2 * (10 + 15 * 2 + 7))
  expect(total.usd).toBeCloseTo(60 + 55 + 188)
  expect(total.hours * 3600).toBeCloseTo(60 + 55 + 94)
})

it('nothing is measured where a table is given, or latency is not in the loss', () => {
  for (const cost of ['{table: latencies.json}', '{kind: multiply-adds}']) {
    const { byJob } = denseNasEstimate(aConfig(`search.cost=${cost}`), 100, pace, capacity)
    expect(byJob.latency.usd).toBe(0)
  }
})
