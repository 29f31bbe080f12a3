import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backboneKey } from '../../../../nas/pipelines/dpc/backbone.ts'
import { featuresKey } from '../../../../nas/pipelines/dpc/features.ts'
import type { DpcRun } from '../../../../nas/pipelines/dpc/run.ts'
import { proxySpec, trainSpec, trainSpecSchema } from '../../../../nas/pipelines/dpc/specs.ts'
import { random } from '../../../../nas/random.ts'
import { trialKey } from '../../../../nas/runs/trial.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'
import { dpcSpace } from '../../../../nas/spaces/dpc/space.ts'
import { aRun } from './example.ts'

const keysOf = (record: DpcRun) => ({
  backbone: backboneKey(record),
  features: featuresKey(record),
  proxy: trialKey(proxySpec(record, KNOWN_CELLS.aspp)),
  train: trialKey(trainSpec(record, record.dataset, KNOWN_CELLS.aspp, 0)),
})
type Keys = ReturnType<typeof keysOf>
const changed = (a: Keys, b: Keys) => (Object.keys(a) as (keyof Keys)[]).filter((key) => a[key] !== b[key])

describe('content addresses', () => {
  const base = keysOf(aRun('a'))

  it('are those of contract 4, whose stores stay valid', () => {
    expect(base).toEqual({
      backbone: '29164f61f61596a980643ad2294b9338',
      features: '2fb0144a96e4a129f8a38f6040bbe4f3',
      proxy: 'ff6fffd801a5c182b5ce7bf5ca90d0a4',
      train: '205ede6d78cd27658e7697247e27ed9f',
    })
  })

  it.each([
    ['search.perRound=3'],
    ['search.strategy.kind=random'],
    ['budget.trials=99'],
    ['compute.concurrency=7'],
    ['compute.card=t4'],
    ['rerank.top=9'],
    ['rerank.seeds=[0, 1]'],
    ['name=other'],
    ['store=elsewhere'],
  ])('stay the same when %s, which determines no result, changes', (override) => {
    expect(changed(base, keysOf(aRun('b', override)))).toEqual([])
  })

  it.each([
    ['backbone.width=0.5', ['backbone', 'features', 'proxy', 'train']],
    ['backbone.outputStride=8', ['backbone', 'features', 'proxy', 'train']],
    ['backbone.pretrain.steps=7', ['backbone', 'features', 'proxy', 'train']],
    ['compute.engine=tensorflow', ['backbone', 'features', 'proxy', 'train']],
    ['proxy.views=3', ['features', 'proxy']],
    ['proxy.crop=[65, 65]', ['features', 'proxy']],
    ['proxy.flip=false', ['features', 'proxy']],
    ['proxy.steps=7', ['proxy']],
    ['proxy.learningRate=0.1', ['proxy']],
    ['rerank.steps=7', ['train']],
    ['rerank.crop=[65, 65]', ['train']],
    ['space.filters=64', ['proxy', 'train']],
    ['space.pyramidPooling=sliding', ['proxy', 'train']],
  ])('of just what %s determines change with it', (override, keys) => {
    expect(changed(base, keysOf(aRun('a', override)))).toEqual(keys)
  })

  it('follow the dataset, the seed and the weights', () => {
    const record = aRun('a')
    const all = ['backbone', 'features', 'proxy', 'train']
    expect(
      changed(base, keysOf({ ...record, dataset: { ...record.dataset, fingerprint: 'other' } })),
    ).toEqual(all)
    expect(changed(base, keysOf(aRun('a', 'seed=1')))).toEqual(all)
    const weights = (hash: string) =>
      keysOf({ ...aRun('a', 'backbone.weights=w.safetensors'), backboneWeights: hash.repeat(32) })
    expect(changed(weights('a'), weights('b'))).toEqual(all)
    expect(changed(weights('a'), weights('a'))).toEqual([])
  })

  it('of a training on new data keep the backbone, and follow the data', () => {
    const record = aRun('a')
    const now = { ...record.dataset, fingerprint: 'new', classes: ['one'] }
    const [before, after] = [record.dataset, now].map((data) => trainSpec(record, data, KNOWN_CELLS.aspp, 0))
    expect(after).toEqual({ ...before, dataset: 'new', classes: 1 })
  })

  it('differ for every cell and every seed, and the spec survives its JSON', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const record = aRun('a')
        const [x, y] = [a, b].map((seed) => dpcSpace(5).sample(random(seed, 'cell')))
        const spec = trainSpec(record, record.dataset, x!, a)
        expect(trainSpecSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
        expect(trialKey(spec) === trialKey(trainSpec(record, record.dataset, y!, b))).toBe(a === b)
      }),
    )
  })
})
