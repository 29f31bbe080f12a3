import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeInventory } from '../../../nas/data/inventory.ts'
import { rerankSchema } from '../../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import { dpcReferences } from '../../../nas/pipelines/dpc/references.ts'
import type { DpcRun } from '../../../nas/pipelines/dpc/run.ts'
import { trainSpecSchema } from '../../../nas/pipelines/dpc/specs.ts'
import { putFiles } from '../../../nas/runs/dataset.ts'
import { runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { putLedgerEntry } from '../../../nas/runs/ledger.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { jsonBytes, requireJson } from '../../../nas/store/json.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { HOUR, start } from '../machine.ts'
import { type MemoryStore, memoryStore } from '../memory-store.ts'
import { fakeScore, rerank, runMachine, search, servicesOf } from './machine.ts'

const keys = { ...runKeys('r'), ...dpcKeys('r') }
let folder: string
let store: MemoryStore
let record: DpcRun

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-editions-'))
  await folderStore(folder).put('images/train/a.png', new Uint8Array(1))
  store = memoryStore()
  record = aRun(
    'r',
    `dataset={kind: folders, path: ${folder}, classes: 2}`,
    'budget.trials=6',
    'search.perRound=4',
    'rerank.top=2',
  )
  await start(store, record)
  await putFiles(store, 'r', record.dataset.fingerprint, await takeInventory(folderStore(folder), ['']))
})
afterEach(() => rmSync(folder, { recursive: true }))

const checkDue = (usd: number | null = null) => servicesOf(store).CheckDue({ run: 'r', usd })
const outcome = () => requireJson(store, keys.rerank, rerankSchema, '')

/** What a Survey job leaves behind. */
async function survey(fingerprint: string): Promise<void> {
  await putFiles(store, 'r', fingerprint, await takeInventory(folderStore(folder), ['']))
  await store.put(keys.dataset, jsonBytes({ ...record.dataset, fingerprint }))
}

describe('CheckDue', () => {
  it('leaves a search alone that is not over', async () => {
    await search(store, 'r')
    expect(await checkDue()).toMatchObject({ due: false, survey: false })
    await servicesOf(store).Finalize({ run: 'r', error: 'broken' })
    expect(await checkDue()).toMatchObject({ due: false, survey: false })
  })

  it('asks for a survey when a file was added, and not again after it', async () => {
    await runMachine(store, 'r')
    expect(await checkDue()).toMatchObject({ due: true, survey: false })
    await folderStore(folder).put('images/train/b.png', new Uint8Array(1))
    expect(await checkDue()).toMatchObject({ due: true, survey: true })
    await survey('new')
    expect(await checkDue()).toMatchObject({ due: true, survey: false })
  })

  it('asks for a survey where nothing was noted of the files', async () => {
    await runMachine(store, 'r')
    store.objects.delete(keys.files(record.dataset.fingerprint))
    expect(await checkDue()).toMatchObject({ survey: true })
  })

  it('begins nothing once the run has cost what it may', async () => {
    await runMachine(store, 'r')
    await putLedgerEntry(store, 'r', {
      job: 'train',
      jobId: 'job',
      attempt: 1,
      trials: 1,
      card: 't4',
      usdPerHour: 0.5,
      basis: 'g4dn.xlarge',
      startedAt: 0,
      seenAt: 2 * HOUR,
      outcome: 'succeeded',
    })
    expect(await checkDue(1.01)).toMatchObject({ due: true })
    expect(await checkDue(1)).toMatchObject({
      due: false,
      survey: false,
      reason: 'the run has cost 1.00 dollars in all, of 1 allowed for re-ranking it',
    })
  })
})

describe('a new revision', () => {
  const trained = (results: string[]) => results.filter((key) => key.endsWith('/result.json')).length

  it('of the same dataset is the same revision, and has no work', async () => {
    await runMachine(store, 'r')
    const before = new Map(store.objects)
    expect(await servicesOf(store).PickTop({ run: 'r' })).toMatchObject({
      edition: (await outcome()).edition,
      pending: 0,
    })
    await rerank(store, 'r')
    const shards = keys.edition((await outcome()).edition).shards
    for (const objects of [before, store.objects]) objects.delete(shards)
    expect(store.objects).toEqual(before)
  })

  it('of new data trains the same cells from the same backbone on it, and keeps the earlier outcome', async () => {
    await runMachine(store, 'r')
    const first = await outcome()
    const results = trained([...store.objects.keys()])
    await survey('new')
    await rerank(store, 'r')
    const second = await outcome()
    expect(second.edition).not.toBe(first.edition)
    expect(second.dataset.fingerprint).toBe('new')
    expect(trained([...store.objects.keys()]) - results).toBe(
      first.contenders.flatMap((c) => c.trials).length,
    )
    expect(await requireJson(store, keys.edition(first.edition).outcome, rerankSchema, '')).toEqual(first)
    const specOf = ({ winner }: typeof first) =>
      requireJson(store, trialKeys(winner.trial).spec, trainSpecSchema, '')
    const [before, after] = [await specOf(first), await specOf(second)]
    expect(after).toMatchObject({ dataset: 'new', backbone: before!.backbone })
    expect(second.contenders.map(({ genotype }) => genotype)).toEqual(
      first.contenders.map(({ genotype }) => genotype),
    )
  })

  it('goes back to the earlier one, without work, when the data do', async () => {
    await runMachine(store, 'r')
    const first = await outcome()
    await survey('new')
    await rerank(store, 'r')
    await survey(record.dataset.fingerprint)
    expect(await servicesOf(store).PickTop({ run: 'r' })).toMatchObject({
      edition: first.edition,
      pending: 0,
    })
  })

  it('replaces the model of the run only by a better one', async () => {
    await runMachine(store, 'r')
    const first = await outcome()
    await survey('more')
    await rerank(store, 'r', times(0.5))
    const worse = await outcome()
    expect(worse.winner.score).toBe(first.winner.score / 2)
    expect(worse.kept).toEqual(first.winner)
    await servicesOf(store).Decode({ run: 'r' })
    const card = JSON.parse(new TextDecoder().decode(store.objects.get(keys.decoded('model.json'))))
    expect(card.trial).toBe(first.winner.trial)
    const { model } = trialKeys(first.winner.trial)
    const remedies = new Map<string, string | undefined>()
    for await (const { key, remedy } of dpcReferences(store, record)) remedies.set(key, remedy)
    const lost = [keys.rerank, keys.edition(worse.edition).outcome]
    for (const key of [`delete ${store.location}/${lost[0]}`, `and ${store.location}/${lost[1]}`])
      expect(remedies.get(model)).toContain(key)
    const objects = lost.map((key) => [key, store.objects.get(key)!] as const)
    for (const key of lost) store.objects.delete(key)
    await rerank(store, 'r', times(0.5))
    expect((await outcome()).kept).toBeUndefined()
    for (const [key, bytes] of objects) store.objects.set(key, bytes)
    await servicesOf(store).Finalize({ run: 'r' })
    await survey('most')
    await rerank(store, 'r', times(0.8))
    expect((await outcome()).kept).toEqual(first.winner)
    await survey('other')
    await rerank(store, 'r', times(1.1))
    expect(await outcome()).not.toHaveProperty('kept')
  })

  it('replaces it also by a worse one where the validation images are others: the two do not compare', async () => {
    await runMachine(store, 'r')
    await folderStore(folder).put('images/train/a.png', new Uint8Array(2))
    await survey('other')
    await rerank(store, 'r', times(0.5))
    expect(await outcome()).not.toHaveProperty('kept')
  })
})

/** Scores of full training are by so much better. */
const times =
  (factor: number): typeof fakeScore =>
  (spec) => {
    const result = fakeScore(spec)
    const isFull = spec.kind === 'train' && result.status === 'succeeded'
    return isFull ? { ...result, score: Math.min(1, result.score * factor) } : result
  }
