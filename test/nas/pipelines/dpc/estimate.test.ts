import { describe, expect, it } from 'vitest'
import { dpcEstimate } from '../../../../nas/pipelines/dpc/estimate.ts'
import { aConfig } from './example.ts'

const NO_OTHER = { evaluation: { 'proxy-task': 0, train: 0 }, features: 0 }

describe('an estimate', () => {
  const pace = { secondsPerStep: { pretrain: 0, 'proxy-task': 0.18, train: 0 }, ...NO_OTHER }

  it('of the paper: 28,000 trials of 90 minutes on 370 GPUs take 42,000 GPU hours, about a week', () => {
    const config = aConfig(
      'budget.trials=28000',
      'search.perRound=370',
      'search.trialsPerJob=1',
      'proxy.steps=30000',
      'rerank.baselines={aspp: false, random: 0}',
    )
    const { trials, gpuHours, usd, hours } = dpcEstimate(config, pace, {
      usdPerHour: 0.5,
      concurrency: 370,
      startUp: 0,
    })
    expect(trials).toBe(28_000)
    expect(gpuHours).toBeCloseTo(42_000)
    expect(usd).toBeCloseTo(21_000)
    expect(hours).toBeCloseTo(Math.ceil(28_000 / 370) * 1.5)
    expect(hours / 24).toBeLessThan(7)
  })

  it('counts rounds, jobs and their starts by hand', () => {
    const config = aConfig(
      'budget.trials=10',
      'search.perRound=8',
      'search.trialsPerJob=3',
      'proxy.steps=100',
      'backbone.pretrain.steps=50',
      'rerank.steps=200',
      'rerank.top=2',
      'rerank.seeds=[0, 1]',
    )
    const byHand = {
      secondsPerStep: { pretrain: 2, 'proxy-task': 1, train: 3 },
      evaluation: { 'proxy-task': 4, train: 30 },
      features: 60,
    }
    const { byJob, ...total } = dpcEstimate(config, byHand, { usdPerHour: 3600, concurrency: 2, startUp: 10 })
    expect(byJob.pretrain.usd).toBeCloseTo(10 + 100)
    expect(byJob.features.usd).toBeCloseTo(10 + 60)
    // Rounds of 8, with the two baselines, and 2: 4 jobs and 1, two at once; the longest have 3 trials and 2.
    expect(byJob['proxy-task'].usd).toBeCloseTo(5 * 10 + 12 * 104)
    expect(byJob['proxy-task'].hours * 3600).toBeCloseTo(2 * 322 + 218)
    // The top 2, ASPP and one random cell, each with 2 seeds.
    expect(byJob.train.usd).toBeCloseTo(8 * 640)
    expect(byJob.train.hours * 3600).toBeCloseTo(4 * 640)
    expect(total.usd).toBeCloseTo(110 + 70 + 1298 + 5120)
    expect(total.trials).toBe(10)
  })

  it('stops at the end of the round in which the money is spent, as a run does', () => {
    const config = aConfig(
      'budget={usd: 1}',
      'compute.card=t4',
      'search.perRound=4',
      'proxy.steps=1000',
      'rerank.baselines={aspp: false, random: 0}',
    )
    const { trials, byJob } = dpcEstimate(config, pace, { usdPerHour: 1, concurrency: 1, startUp: 0 })
    expect(trials).toBe(20)
    expect(byJob['proxy-task'].usd).toBeCloseTo(1)
  })
})
