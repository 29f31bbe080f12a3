import { beforeEach, describe, expect, it } from 'vitest'
import { describeRun } from '../../../cli/summary.ts'
import { contentHash } from '../../../nas/hash.ts'
import { backboneKey } from '../../../nas/pipelines/dpc/backbone.ts'
import { candidatesSchema, rerankSchema } from '../../../nas/pipelines/dpc/comparison.ts'
import { featuresKey } from '../../../nas/pipelines/dpc/features.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import {
  leaderboardOf,
  leaderboardSchema,
  roundResultsSchema,
} from '../../../nas/pipelines/dpc/leaderboard.ts'
import { roundSchema } from '../../../nas/pipelines/dpc/round.ts'
import { proxySpecSchema } from '../../../nas/pipelines/dpc/specs.ts'
import { dpcSummarySchema } from '../../../nas/pipelines/dpc/summary.ts'
import { backboneKeys, featuresKeys } from '../../../nas/runs/inputs.ts'
import { runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { putLedgerEntry } from '../../../nas/runs/ledger.ts'
import { cardOf } from '../../../nas/runs/model.ts'
import { failed, getOutcome, getResult, putResult, putRunFailure } from '../../../nas/runs/result.ts'
import { summarySchema } from '../../../nas/runs/summary.ts'
import type { TrialSpec } from '../../../nas/runs/trial.ts'
import { fromDeepLab } from '../../../nas/spaces/dpc/deeplab.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { jsonBytes, requireJson } from '../../../nas/store/json.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { HOUR, modelOf, start } from '../machine.ts'
import { type MemoryStore, memoryStore } from '../memory-store.ts'
import { fakeScore, runMachine, search, servicesOf, work } from './machine.ts'

const keys = { ...runKeys('r'), ...dpcKeys('r') }
const settings = ['budget.trials=10', 'search.perRound=4', 'search.trialsPerJob=3'] as const
let store: MemoryStore
beforeEach(() => {
  store = memoryStore()
})
const read = <T>(key: string, schema: Parameters<typeof requireJson<T>>[2]) =>
  requireJson(store, key, schema, '')
const lines = (key: string) =>
  new TextDecoder()
    .decode(store.objects.get(key))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
const scoring = (score: number) => (spec: TrialSpec) => ({ ...fakeScore(spec), ...ok, score }) as const
const entry = {
  job: 'proxy-task',
  jobId: 'job',
  attempt: 1,
  trials: 4,
  card: 't4',
  usdPerHour: 0.5,
  basis: 'g4dn.xlarge',
  startedAt: 0,
  seenAt: 2 * HOUR,
  outcome: 'running',
} as const
const ok = {
  status: 'succeeded',
  iou: [0.5],
  pixelAccuracy: 0.5,
  loss: 1,
  parameters: 7,
  multiplyAdds: 9,
} as const

describe('every function', () => {
  it('called twice, or by two at once, comes to the same', async () => {
    await start(store, aRun('r', ...settings))
    const call = servicesOf(store)
    const edition = async () => contentHash(await read(keys.rerankCandidates, candidatesSchema))
    const steps: (() => Promise<unknown>)[] = [
      () => call.Prepare({ run: 'r' }),
      () => call.Propose({ run: 'r', round: 0 }),
      () => work(store, keys.shards(0)),
      () => call.Aggregate({ run: 'r', round: 0 }),
      () => call.PickTop({ run: 'r' }),
      async () => work(store, keys.edition(await edition()).shards),
      async () => call.Correlate({ run: 'r', edition: await edition() }),
      () => call.Decode({ run: 'r' }),
      () => call.Finalize({ run: 'r' }),
    ]
    for (const step of steps) {
      const [once, duplicate] = await Promise.all([step(), step()])
      const after = new Map(store.objects)
      expect(duplicate).toEqual(once)
      expect(await step()).toEqual(once)
      expect(store.objects).toEqual(after)
    }
  })

  it('names itself and the field of a wrong payload', async () => {
    await expect(servicesOf(store).Propose({ run: 'r', round: -1 })).rejects.toMatchObject({
      code: 'invalid-pipeline',
      message: expect.stringContaining('wrong payload for Propose: round: '),
    })
    await expect(servicesOf(store).Finalize({ run: '../x' })).rejects.toMatchObject({
      code: 'invalid-pipeline',
    })
  })

  it('says so where there is no such run', async () => {
    const call = servicesOf(store)
    const edition = 'a'.repeat(32)
    for (const each of [
      call.Prepare,
      call.PickTop,
      call.Correlate,
      call.Decode,
      call.Finalize,
      call.CheckDue,
    ]) {
      await expect(each({ run: 'none', edition, usd: null })).rejects.toMatchObject({ code: 'not-found' })
    }
  })
})

describe('Prepare', () => {
  it('asks for what is not there yet', async () => {
    const record = aRun('r')
    await start(store, record)
    const [backbone, features] = [backboneKey(record), featuresKey(record)]
    const prepared = { run: 'r', backbone, features, round: 0 }
    expect(await servicesOf(store).Prepare({ run: 'r' })).toEqual({
      ...prepared,
      pretrain: true,
      cacheFeatures: true,
    })
    await store.put(backboneKeys(backbone).manifest, jsonBytes({ backbone, score: 0.3 }))
    const split = { image: [129, 257], shards: [{ key: 'a', samples: 4 }] }
    await store.put(
      featuresKeys(features).manifest,
      jsonBytes({ features, channels: 320, train: split, validation: split }),
    )
    expect(await servicesOf(store).Prepare({ run: 'r' })).toEqual({
      ...prepared,
      pretrain: false,
      cacheFeatures: false,
    })
  })

  it('does not pretrain in place of given weights that are missing', async () => {
    const record = { ...aRun('r', 'backbone.weights=w.safetensors'), backboneWeights: 'a'.repeat(32) }
    await start(store, record)
    await expect(servicesOf(store).Prepare({ run: 'r' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('w.safetensors'),
    })
  })
})

describe('Propose', () => {
  it('gives jobs only the trials that have no result', async () => {
    await start(store, aRun('r', ...settings))
    const call = servicesOf(store)
    expect(await call.Propose({ run: 'r', round: 0 })).toEqual({
      run: 'r',
      round: 0,
      manifest: keys.shards(0),
      pending: 2,
    })
    const [first, second] = lines(keys.shards(0))
    // Four candidates, ASPP and a random cell.
    expect([first.trials.length, second.trials.length]).toEqual([3, 3])
    for (const trial of [first.trials[1], ...second.trials.slice(1)])
      await putResult(store, trial, failed('loss is NaN'), segmentation.result)
    expect(await call.Propose({ run: 'r', round: 0 })).toMatchObject({ pending: 1 })
    expect(lines(keys.shards(0))).toEqual([{ trials: [first.trials[0], first.trials[2], second.trials[0]] }])
  })

  it('scores the baselines beside the first round, and counts them as no candidates', async () => {
    await start(store, aRun('r', ...settings))
    const call = servicesOf(store)
    await call.Propose({ run: 'r', round: 0 })
    const { candidates } = await read(keys.round(0), roundSchema)
    const trials = lines(keys.shards(0)).flatMap((shard) => shard.trials as string[])
    const baselines = trials.filter((each) => candidates.every(({ trial }) => trial !== each))
    const specs = await Promise.all(baselines.map((trial) => read(trialKeys(trial).spec, proxySpecSchema)))
    expect(specs.map(({ genotype }) => genotype)).toEqual([KNOWN_CELLS.aspp, expect.anything()])
    await work(store, keys.shards(0), scoring(0.4))
    expect(await call.Aggregate({ run: 'r', round: 0 })).toMatchObject({ tried: 4 })
    await call.Propose({ run: 'r', round: 1 })
    expect(lines(keys.shards(1)).flatMap((shard) => shard.trials)).toHaveLength(4)
  })

  it('never proposes more than the budget of trials', async () => {
    await start(store, aRun('r', ...settings))
    await runMachine(store, 'r')
    const { ranked, failed: lost } = await read(keys.leaderboard, leaderboardSchema)
    expect(ranked.length + lost.length).toBe(10)
    expect((await read(keys.round(2), roundSchema)).candidates).toHaveLength(2)
  })
})

describe('RecordFailure', () => {
  it('keeps the cause for Finalize, which AWS tells of none, and is no result of a trial', async () => {
    await start(store, aRun('r', ...settings))
    const trial = 'a'.repeat(32)
    const cause = 'cannot write s3://b/trials: ENOSPC'
    expect(await servicesOf(store).RecordFailure({ run: 'r', trials: [trial], cause })).toEqual({ cause })
    expect(await getResult(store, trial)).toBeUndefined()
    const told = (error: string) => servicesOf(store).Finalize({ run: 'r', error })
    expect(await told('The specified tolerated failure threshold was exceeded')).toMatchObject({
      error: cause,
    })
    expect(await read(runKeys('r').summary, summarySchema)).toMatchObject({ status: 'failed', error: cause })
    expect(await told('no street here')).toMatchObject({ error: 'no street here' })
  })
})

describe('Aggregate', () => {
  const aggregate = async (...overrides: readonly string[]) => {
    await start(store, aRun('r', ...settings, ...overrides))
    await servicesOf(store).Propose({ run: 'r', round: 0 })
    await work(store, keys.shards(0), scoring(0.5))
  }

  it('goes on within the budget and keeps its decision to stop, though time goes on', async () => {
    await aggregate('budget.hours=2')
    const decision = await servicesOf(store).Aggregate({ run: 'r', round: 0 })
    expect(decision).toEqual({
      run: 'r',
      round: 1,
      enough: false,
      reason: 'within the budget',
      tried: 4,
      best: 0.5,
    })
    expect(await servicesOf(store).Aggregate({ run: 'r', round: 0 })).toEqual(decision)
  })

  it('stops when the hours, or the dollars in the ledger, are used up', async () => {
    await aggregate('budget.hours=2')
    await putLedgerEntry(store, 'r', entry)
    expect(await servicesOf(store).Aggregate({ run: 'r', round: 0 })).toMatchObject({
      enough: true,
      reason: 'the budget of 2 hours is used up, after 4 of 10 trials',
    })
    store = memoryStore()
    await aggregate('budget.usd=1')
    await putLedgerEntry(store, 'r', entry)
    expect(await servicesOf(store).Aggregate({ run: 'r', round: 0 })).toMatchObject({
      enough: true,
      reason: 'the budget of 1 dollars is used up, after 4 of 10 trials',
    })
  })

  it('ranks no round without the result of a trial, and records none', async () => {
    await start(store, aRun('r', ...settings))
    await servicesOf(store).Propose({ run: 'r', round: 0 })
    const [{ trials }] = lines(keys.shards(0))
    await putResult(store, trials[0], { ...ok, score: 0.5 }, segmentation.result)
    await expect(servicesOf(store).Aggregate({ run: 'r', round: 0 })).rejects.toThrow(
      /result\.json does not exist/,
    )
    expect(await store.get(keys.results(0))).toBeUndefined()
  })

  it('counts as failed what failed for an unknown reason in this run, unless nothing else was tried', async () => {
    await start(store, aRun('r', ...settings))
    const call = servicesOf(store)
    await call.Propose({ run: 'r', round: 0 })
    const trials = lines(keys.shards(0)).flatMap((shard) => shard.trials as string[])
    for (const trial of trials) await putRunFailure(store, 'r', trial, 'Conv: no reason')
    await expect(call.Aggregate({ run: 'r', round: 0 })).rejects.toThrow(/every trial of r failed.*no reason/)
    expect(await store.get(keys.results(0))).toBeUndefined()

    await putResult(store, trials[0]!, { ...ok, score: 0.5 }, segmentation.result)
    expect(await call.Aggregate({ run: 'r', round: 0 })).toMatchObject({ tried: 4, enough: false })
    const { ranked, failed: lost } = await read(keys.leaderboard, leaderboardSchema)
    expect(ranked.map(({ trial }) => trial)).toEqual([trials[0]])
    expect(lost.map(({ reason }) => reason)).toEqual(
      Array(3).fill('Conv: no reason; a new run tries it again'),
    )

    // What the run rests on from now on is not trained again by a resumed one; another tries it.
    expect(await call.Propose({ run: 'r', round: 0 })).toMatchObject({ pending: 0 })
    expect(await getOutcome(store, 'r', trials[1]!)).toMatchObject({ status: 'failed' })
    await start(store, aRun('other', ...settings))
    expect(await call.Propose({ run: 'other', round: 0 })).toMatchObject({ pending: 2 })
  })

  it('is asked again by a resumed run, whose proposals forget what failed for an unknown reason', async () => {
    await start(store, aRun('r', ...settings))
    const call = servicesOf(store)
    await call.Propose({ run: 'r', round: 0 })
    const [{ trials }] = lines(keys.shards(0))
    await putRunFailure(store, 'r', trials[0], 'Conv: no reason')
    await store.delete(trialKeys(trials[0]).spec)
    expect(await call.Propose({ run: 'r', round: 0 })).toMatchObject({ pending: 2 })
    expect(await getOutcome(store, 'r', trials[0])).toBeUndefined()
    expect(await store.get(trialKeys(trials[0]).spec)).toBeDefined()
  })

  it('notes on the leaderboard which networks predict one class everywhere, and nothing of others', async () => {
    await start(store, aRun('r', ...settings))
    await servicesOf(store).Propose({ run: 'r', round: 0 })
    const [{ trials }] = lines(keys.shards(0))
    await putResult(store, trials[0], { ...ok, score: 0.5, onlyClass: 2 }, segmentation.result)
    await work(store, keys.shards(0), scoring(0.4))
    await servicesOf(store).Aggregate({ run: 'r', round: 0 })
    const { ranked } = await read(keys.leaderboard, leaderboardSchema)
    expect(ranked[0]).toMatchObject({ trial: trials[0], onlyClass: 2 })
    expect(ranked[1]).not.toHaveProperty('onlyClass')
  })

  it('stops a search in which every trial fails, and PickTop says why', async () => {
    await start(store, aRun('r', ...settings))
    const call = servicesOf(store)
    await call.Propose({ run: 'r', round: 0 })
    await work(store, keys.shards(0), () => failed('no such operation'))
    expect(await call.Aggregate({ run: 'r', round: 0 })).toMatchObject({
      enough: true,
      reason: 'every trial failed, the first: no such operation',
      best: null,
    })
    await expect(call.PickTop({ run: 'r' })).rejects.toMatchObject({
      code: 'job-failed',
      message: expect.stringContaining('no such operation'),
    })
    await call.Finalize({ run: 'r', error: 'nothing to re-rank' })
    expect(await read(keys.summary, dpcSummarySchema)).toMatchObject({
      status: 'failed',
      error: 'nothing to re-rank',
      winner: null,
      trials: { tried: 4, succeeded: 0, failed: 4, best: null },
    })
  })

  it('stops when a small space holds no more candidates', async () => {
    await start(store, aRun('r', 'space.branches=1', 'budget.trials=999', 'search.perRound=50'))
    await runMachine(store, 'r')
    const { stopped, trials } = await read(keys.summary, dpcSummarySchema)
    expect(stopped).toBe('the search space holds no more candidates')
    expect(trials.tried).toBe(81)
  })
})

it('ends with the whole leaderboard, though a slow call for an earlier round was the last to write it', async () => {
  await start(store, aRun('r', ...settings))
  await runMachine(store, 'r')
  const whole = store.objects.get(keys.leaderboard)
  const { tried } = await read(keys.results(0), roundResultsSchema)
  await store.put(keys.leaderboard, jsonBytes(leaderboardOf(1, tried)))
  await servicesOf(store).Finalize({ run: 'r' })
  expect(store.objects.get(keys.leaderboard)).toEqual(whole)
})

describe('the re-ranking', () => {
  const rerankSettings = [...settings, 'rerank.top=3', 'rerank.seeds=[0, 1]', 'rerank.baselines.random=2']

  it('trains the best and the baselines with each seed', async () => {
    await start(store, aRun('r', ...rerankSettings))
    await runMachine(store, 'r')
    const { contenders, pairs, spearman } = await read(keys.rerank, rerankSchema)
    expect(contenders.map(({ role }) => role)).toEqual([
      ...Array(3).fill('searched'),
      'aspp',
      ...Array(2).fill('random'),
    ])
    expect(contenders[3]!.genotype).toEqual(KNOWN_CELLS.aspp)
    expect(contenders.every(({ trials }) => trials.map(({ seed }) => seed).join() === '0,1')).toBe(true)
    expect(contenders.slice(0, 3).map(({ proxy }) => proxy!.rank)).toEqual([1, 2, 3])
    expect(contenders.slice(3).map(({ proxy }) => proxy?.rank ?? null)).toEqual([null, null, null])
    expect(pairs).toBe(contenders.filter(({ proxy }) => proxy !== null).length)
    expect(pairs).toBeGreaterThan(3)
    expect(spearman).toBeNull()
  })

  it('tells a rank correlation over the best and the baselines together, from eight pairs on', async () => {
    await start(store, aRun('r', ...rerankSettings, 'rerank.top=5', 'rerank.baselines.random=8'))
    await runMachine(store, 'r')
    const { pairs, spearman } = await read(keys.rerank, rerankSchema)
    expect(pairs).toBeGreaterThanOrEqual(8)
    expect(spearman!.low).toBeLessThanOrEqual(spearman!.value)
    expect(spearman!.value).toBeLessThanOrEqual(spearman!.high)
  })

  it('lets the best mean win, but no baseline and no cell of which a training failed', async () => {
    await start(store, aRun('r', ...rerankSettings))
    const call = servicesOf(store)
    await search(store, 'r')
    const { edition } = await call.PickTop({ run: 'r' })
    const { contenders: picked } = await read(keys.rerankCandidates, candidatesSchema)
    const scores = [
      [0.9, undefined],
      [0.3, 0.4],
      [0.25, 0.75],
      [1, 1],
      [1, 1],
      [1, 1],
    ]
    for (const [i, { trials }] of picked.entries()) {
      for (const [j, { trial }] of trials.entries()) {
        const score = scores[i]![j]
        await putResult(
          store,
          trial,
          score === undefined ? failed('out of memory') : { ...ok, score },
          segmentation.result,
        )
      }
    }
    const best = picked[2]!
    expect(await call.Correlate({ run: 'r', edition })).toMatchObject({ winner: best.trials[1]!.trial })
    const { winner, contenders, pairs } = await read(keys.rerank, rerankSchema)
    expect(winner).toMatchObject({ genotype: best.genotype, score: 0.5, proxy: { rank: 3 } })
    expect(contenders[0]).toMatchObject({
      score: null,
      trials: [{ score: 0.9 }, { reason: 'out of memory' }],
    })
    expect(pairs).toBe(contenders.filter(({ proxy, score }) => proxy !== null && score !== null).length)
  })

  it('has no winner where no searched cell could be trained, and says why', async () => {
    await start(store, aRun('r', ...rerankSettings))
    const call = servicesOf(store)
    await search(store, 'r')
    const { edition, manifest } = await call.PickTop({ run: 'r' })
    await work(store, manifest, () => failed('out of memory'))
    await expect(call.Correlate({ run: 'r', edition })).rejects.toMatchObject({
      code: 'job-failed',
      message: expect.stringContaining('out of memory'),
    })
    expect(store.objects.has(keys.rerank)).toBe(false)
  })
})

describe('Decode', () => {
  it('lays out the winner: cell, published notation, picture, cost and model', async () => {
    await start(store, aRun('r', ...settings))
    await runMachine(store, 'r')
    const { winner } = await read(keys.rerank, rerankSchema)
    const file = (name: string) => new TextDecoder().decode(store.objects.get(keys.decoded(name)))
    expect(JSON.parse(file('genotype.json'))).toEqual(winner.genotype)
    expect(fromDeepLab(JSON.parse(file('deeplab.json')))).toEqual(winner.genotype)
    expect(file('diagram.svg')).toMatch(/^<svg/)
    expect(JSON.parse(file('cost.json'))).toEqual({ parameters: 7, multiplyAdds: 9 })
    const card = { run: 'r', trial: winner.trial, version: expect.any(String) }
    expect(JSON.parse(file('model.json'))).toEqual(card)
    expect(cardOf(store.objects.get(keys.decoded('model.onnx'))!)).toEqual(card)
    const { model } = trialKeys(winner.trial)
    const fix = 'resume the run: the trial is trained again'
    store.objects.set(model, modelOf(winner.trial).slice(0, -1))
    await expect(servicesOf(store).Decode({ run: 'r' })).rejects.toMatchObject({
      code: 'store-failed',
      message: `memory:/${model} is not a whole ONNX model`,
      fix,
    })
    store.objects.delete(model)
    await expect(servicesOf(store).Decode({ run: 'r' })).rejects.toMatchObject({ code: 'not-found', fix })
  })
})

describe('Finalize', () => {
  it('sums up what was found beside the baselines, and what it cost', async () => {
    await start(store, aRun('r', ...settings))
    await search(store, 'r')
    await putLedgerEntry(store, 'r', { ...entry, startedAt: HOUR, seenAt: 3 * HOUR })
    await runMachine(store, 'r')
    const summary = await read(keys.summary, dpcSummarySchema)
    const { winner, contenders } = await read(keys.rerank, rerankSchema)
    expect(summary).toMatchObject({
      status: 'succeeded',
      stopped: 'the budget of 10 trials is used up',
      winner,
      hours: 2,
    })
    expect(summary.spent).toMatchObject({ attempts: 1, gpuHours: 2, usd: 1 })
    expect(summary.trials.tried).toBe(10)
    expect(summary.baselines).toEqual(contenders.slice(-2).map(({ role, score }) => ({ role, score })))
    expect(summary).not.toHaveProperty('error')
    expect(new TextDecoder().decode(store.objects.get(keys.report))).toMatch(/^<!doctype html>/)
  })

  it('says of a network that predicts one class everywhere that it does, wherever it is told of', async () => {
    const record = aRun('r', ...settings)
    await start(store, record)
    const call = servicesOf(store)
    await search(store, 'r')
    const { edition, manifest } = await call.PickTop({ run: 'r' })
    await work(store, manifest, (spec) => ({ ...scoring(0.5)(spec), onlyClass: 0 }))
    await call.Correlate({ run: 'r', edition })
    await call.Decode({ run: 'r' })
    await call.Finalize({ run: 'r' })
    const line = `predicts ${record.dataset.classes[0]} everywhere`
    expect(await describeRun(store, record)).toContain(`${line}\n`)
    expect(new TextDecoder().decode(store.objects.get(keys.report))).toContain(line)
  })

  it('sums up a run that failed before it tried anything', async () => {
    await start(store, aRun('r', ...settings))
    await servicesOf(store).Finalize({ run: 'r', error: 'no GPU to be had' })
    expect(await read(keys.summary, dpcSummarySchema)).toMatchObject({
      status: 'failed',
      error: 'no GPU to be had',
      stopped: null,
      winner: null,
      baselines: [],
      trials: { tried: 0 },
    })
    expect(store.objects.has(keys.report)).toBe(true)
  })
})
