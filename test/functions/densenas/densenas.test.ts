import { beforeEach, describe, expect, it } from 'vitest'
import { compare } from '../../../functions/densenas/compare.ts'
import { decode } from '../../../functions/densenas/decode.ts'
import { derive } from '../../../functions/densenas/derive.ts'
import { prepare } from '../../../functions/densenas/prepare.ts'
import { canonicalJson } from '../../../nas/hash.ts'
import { candidatesSchema, comparisonSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { derivedSchema } from '../../../nas/pipelines/densenas/derived.ts'
import { denseNasKeys, supernetKeys } from '../../../nas/pipelines/densenas/keys.ts'
import type { LatencyTable } from '../../../nas/pipelines/densenas/latency.ts'
import { latencyKey } from '../../../nas/pipelines/densenas/latency.ts'
import type { DenseNasRun } from '../../../nas/pipelines/densenas/run.ts'
import { classifierSpecSchema } from '../../../nas/pipelines/densenas/specs.ts'
import { denseNasSummarySchema } from '../../../nas/pipelines/densenas/summary.ts'
import { random } from '../../../nas/random.ts'
import { runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { latencyKeys } from '../../../nas/runs/latencies.ts'
import { putLedgerEntry } from '../../../nas/runs/ledger.ts'
import { cardOf } from '../../../nas/runs/model.ts'
import type { Result } from '../../../nas/runs/result.ts'
import type { TrialSpec } from '../../../nas/runs/trial.ts'
import { decode as genotypeOf } from '../../../nas/spaces/densenas/decode.ts'
import { multiplyAddsTable } from '../../../nas/spaces/densenas/operation-graphs.ts'
import { DENSENAS_SPACES } from '../../../nas/spaces/densenas/presets.ts'
import { jsonBytes, requireJson } from '../../../nas/store/json.ts'
import { type Classified, classification } from '../../../nas/tasks/classification.ts'
import { aRun } from '../../nas/pipelines/densenas/example.ts'
import { parametersOf } from '../../nas/spaces/densenas/parameters.ts'
import { sharedIn, start, work } from '../machine.ts'
import { type MemoryStore, memoryStore } from '../memory-store.ts'

const space = DENSENAS_SPACES['densenas-tiny']
const parameters = parametersOf(space, random(3).normal)
const keys = { ...runKeys('r'), ...denseNasKeys('r') }

let store: MemoryStore
const servicesOf = (store: MemoryStore) => ({
  ...sharedIn(store),
  Prepare: prepare({ store }),
  Derive: derive({ store }),
  Compare: compare({ store }),
  Decode: decode({ store }),
})
let call: ReturnType<typeof servicesOf>
beforeEach(() => {
  store = memoryStore()
  call = servicesOf(store)
})

/** Top-1 by the seed; supernets leave their architecture. */
function fakeScore(spec: TrialSpec): Result<Classified> {
  const score = spec.kind === 'supernet' ? 0.4 : random(spec.seed, JSON.stringify(spec)).uniform()
  return { status: 'succeeded', score, top5: 1, loss: 1, parameters: 7, multiplyAdds: 9 }
}

async function searchSupernet(manifest: string, score = fakeScore): Promise<void> {
  const { trials } = JSON.parse(new TextDecoder().decode(await store.get(manifest))) as { trials: string[] }
  const keys = supernetKeys(trials[0]!)
  await store.put(keys.architecture, jsonBytes(parameters))
  await store.put(keys.history, jsonBytes({ epochs: [] }))
  await work(store, manifest, score, classification.result)
}

const table: LatencyTable = {
  ...multiplyAddsTable(space, { image: 32, classes: 3 }),
  device: 'a processor',
  batch: 32,
  unit: 'ms',
}

/** What the machine does. */
async function runMachine(record: DenseNasRun, score = fakeScore): Promise<void> {
  await start(store, record)
  const { latency, manifest, pending } = await call.Prepare({ run: 'r' })
  if (latency) await store.put(latencyKeys(latencyKey(record)!).table, jsonBytes(table))
  if (pending > 0) await searchSupernet(manifest, score)
  const rivals = await call.Derive({ run: 'r' })
  await work(store, rivals.manifest, score, classification.result)
  await call.Compare({ run: 'r' })
  await call.Decode({ run: 'r' })
}

const read = <T>(key: string, schema: Parameters<typeof requireJson<T>>[2]) =>
  requireJson(store, key, schema, 'it is missing')

const spentHours = (record: DenseNasRun, hours: number) =>
  putLedgerEntry(store, record.run, {
    job: 'supernet',
    jobId: 'j',
    attempt: 1,
    trials: 1,
    card: 'cpu',
    usdPerHour: 0,
    basis: 'test',
    startedAt: 0,
    seenAt: hours * 3_600_000,
    outcome: 'succeeded',
  })

describe('Prepare', () => {
  it('asks for latencies and for a search, once: an equal run finds them', async () => {
    await runMachine(aRun('r'))
    await start(store, { ...aRun('r'), run: 'again' })
    expect(await call.Prepare({ run: 'again' })).toMatchObject({ latency: false, pending: 0 })
    const other = aRun('r', 'search.epochs=7')
    await start(store, { ...other, run: 'other' })
    expect(await call.Prepare({ run: 'other' })).toMatchObject({ latency: false, pending: 1 })
  })

  it('asks for no latencies where multiply-adds are in the loss', async () => {
    await start(store, aRun('r', 'search.cost.kind=multiply-adds'))
    expect(await call.Prepare({ run: 'r' })).toMatchObject({ latency: false, pending: 1 })
  })

  it('asks for other latencies on another processor', async () => {
    const here = latencyKey(aRun('r'))
    expect(latencyKey({ ...aRun('r'), device: 'another' })).not.toBe(here)
    expect(latencyKey(aRun('r', 'search.cost.batch=1'))).not.toBe(here)
    expect(latencyKey(aRun('r', 'search.epochs=9'))).toBe(here)
  })
})

describe('Derive', () => {
  it('decodes what the supernet has left, and says what it costs by the table of the search', async () => {
    await runMachine(aRun('r'))
    const derived = await read(keys.derived, derivedSchema)
    expect(derived.genotype).toEqual(genotypeOf(space, parameters))
    const { contenders } = await read(keys.candidates, candidatesSchema)
    // The stand-in for latencies are multiply-adds.
    expect(derived.cost).toEqual({ unit: 'ms', value: contenders[0]!.multiplyAdds })
    expect(derived.path[0]).toBe(0)
  })

  it('sets random paths and a MobileNetV2 of about equal cost beside it, each with every seed', async () => {
    await runMachine(aRun('r', 'retrain.seeds=[0, 1]', 'baselines.random=3'))
    const { contenders } = await read(keys.candidates, candidatesSchema)
    expect(contenders.map(({ role }) => role)).toEqual([
      'derived',
      'random',
      'random',
      'random',
      'mobilenet-v2',
    ])
    for (const { role, multiplyAdds, latency, trials } of contenders) {
      // The stand-in for latencies are multiply-adds, and has no MobileNetV2.
      expect(latency).toBe(role === 'mobilenet-v2' ? undefined : multiplyAdds)
      // A MobileNetV2 as narrow as can be weighs more than a small network of this space.
      if (role !== 'mobilenet-v2')
        expect(Math.abs(multiplyAdds / contenders[0]!.multiplyAdds - 1)).toBeLessThan(0.1)
      expect(trials.map(({ seed }) => seed)).toEqual([0, 1])
    }
    expect(new Set(contenders.slice(1, 4).map(({ network }) => JSON.stringify(network))).size).toBe(3)
  })

  it('trains what was found alone where the budget is used up, and says so', async () => {
    const record = aRun('r', 'budget={gpuHours: 2}')
    await spentHours(record, 2)
    await runMachine(record)
    const { contenders, limited } = await read(keys.comparison, comparisonSchema)
    expect(contenders.map(({ role }) => role)).toEqual(['derived'])
    expect(limited).toBe('no baselines: the budget of 2 GPU hours is used up')
  })

  it('decides once who is compared, whatever is spent later', async () => {
    const record = aRun('r', 'budget={gpuHours: 2}')
    await runMachine(record)
    const before = store.objects.get(keys.candidates)
    await spentHours(record, 3)
    await call.Derive({ run: 'r' })
    expect(store.objects.get(keys.candidates)).toEqual(before)
  })

  it('tells why a search failed', async () => {
    await expect(
      runMachine(aRun('r'), () => ({ status: 'failed', reason: 'the loss was NaN' })),
    ).rejects.toThrow('the search of the supernet failed: the loss was NaN')
  })
})

describe('Compare', () => {
  it('means over seeds, and takes what was found for the winner, also where a baseline is better', async () => {
    const scores = [0.5, 0.7, 0.9]
    const record = aRun('r', 'retrain.seeds=[0, 1]', 'baselines={random: 1, mobileNetV2: false}')
    await runMachine(record, (spec) => {
      const isDerived = 'network' in spec && canonicalJson(spec.network).includes(found)
      return { ...fakeScore(spec), score: isDerived ? scores[spec.seed]! : 0.9 } as Result<Classified>
    })
    const { contenders, winner } = await read(keys.comparison, comparisonSchema)
    expect(contenders.map(({ score }) => score)).toEqual([0.6, 0.9])
    expect(winner).toMatchObject({ trial: contenders[0]!.trials[1]!.trial, score: 0.6 })
  })
  const found = canonicalJson(genotypeOf(space, parameters))

  it('has no mean where a seed has failed, and fails where that was the winner’s', async () => {
    const failing =
      (kind: string) =>
      (spec: TrialSpec): Result<Classified> =>
        'network' in spec && (spec.network as { kind: string }).kind === kind
          ? { status: 'failed', reason: 'out of memory' }
          : fakeScore(spec)
    await runMachine(aRun('r', 'baselines.random=0'), failing('mobilenet-v2'))
    const { contenders } = await read(keys.comparison, comparisonSchema)
    expect(contenders[1]).toMatchObject({ score: null, trials: [{ score: null, reason: 'out of memory' }] })
    store = memoryStore()
    call = servicesOf(store)
    await expect(runMachine(aRun('r'), failing('densenas'))).rejects.toThrow(
      'nothing that r has found could be trained in full: out of memory',
    )
  })
})

it('the files for export are written', async () => {
  await runMachine(aRun('r'))
  const { winner } = await read(keys.comparison, comparisonSchema)
  const text = (file: string) => new TextDecoder().decode(store.objects.get(keys.decoded(file)))
  expect(JSON.parse(text('genotype.json'))).toEqual(winner.genotype)
  expect(text('net-config.txt')).toContain("'mbconv_k3_t1'")
  const card = { run: 'r', trial: winner.trial, version: expect.any(String) }
  expect(JSON.parse(text('model.json'))).toEqual(card)
  expect(cardOf(store.objects.get(keys.decoded('model.onnx'))!)).toEqual(card)
  expect(text('diagram.svg')).toContain('<svg')
  expect(JSON.parse(text('cost.json'))).toMatchObject({ parameters: 7 })
})

it('is settled with what was found, beside what', async () => {
  await runMachine(aRun('r', 'baselines={random: 1, mobileNetV2: false}'))
  await call.Finalize({ run: 'r' })
  const summary = await read(keys.summary, denseNasSummarySchema)
  expect(summary).toMatchObject({ status: 'succeeded', stopped: null, baselines: [{ role: 'random' }] })
  expect(summary.winner).toEqual((await read(keys.comparison, comparisonSchema)).winner)
})

it('specs are what jobs can read', async () => {
  await runMachine(aRun('r'))
  const { contenders } = await read(keys.candidates, candidatesSchema)
  for (const { trials } of contenders)
    for (const { trial } of trials)
      expect(await read(trialKeys(trial).spec, classifierSpecSchema)).toMatchObject({ kind: 'classifier' })
})
