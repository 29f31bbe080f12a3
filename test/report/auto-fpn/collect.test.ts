import { describe, expect, it } from 'vitest'
import { autoFpnKeys, supernetKeys } from '../../../nas/pipelines/auto-fpn/keys.ts'
import { bestTrial } from '../../../nas/runs/comparison.ts'
import { runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { jsonBytes } from '../../../nas/store/json.ts'
import { collectAutoFpnReport } from '../../../report/auto-fpn/collect.ts'
import { drawReport } from '../../../report/auto-fpn/index.ts'
import { renderAutoFpnReport } from '../../../report/auto-fpn/render.ts'
import { memoryStore } from '../../functions/memory-store.ts'
import { PIXEL } from '../dpc/sample.ts'
import { sample } from './sample.ts'

const { record, searches, comparison, winner, end } = sample({ snas: true })
const keys = { ...runKeys(record.run), ...autoFpnKeys(record.run) }

const STARTED = { [keys.config]: record }
const searched = (modules: readonly string[]) =>
  Object.fromEntries(
    searches
      .filter(({ module }) => modules.includes(module))
      .flatMap(({ module, found }) => [
        [keys.derived(module), { found: found.map(({ history: _, ...each }) => each) }] as const,
        ...found.map(({ trial, history }) => [supernetKeys(trial).history, { entries: history }] as const),
      ]),
  )
const fpn = comparison!.contenders.find(({ role }) => role === 'fpn')!
const FINISHED = {
  ...STARTED,
  ...searched(['neck', 'head']),
  [keys.comparison]: comparison,
  [trialKeys(comparison!.winner.trial).result]: winner!.detected,
  [trialKeys(bestTrial(fpn.trials)).result]: winner!.fpn,
  [keys.summary]: {
    ...{ run: record.run, ...end, hours: 1 },
    spent: { attempts: 1, failed: 0, interrupted: 0, gpuHours: 1, usd: 1 },
  },
}

async function storeOf(objects: Readonly<Record<string, object | undefined>>) {
  const store = memoryStore()
  for (const [key, value] of Object.entries(objects)) await store.put(key, jsonBytes(value!))
  return store
}

describe('collectAutoFpnReport', () => {
  it('reports a run from its first moment', async () => {
    const data = await collectAutoFpnReport(await storeOf(STARTED), record.run)
    expect(data).toMatchObject({ searches: [], comparison: undefined, winner: undefined, end: undefined })
    expect(renderAutoFpnReport(data)).toContain('The search is under way.')
  })

  it('finds the modules that have been searched so far, and how each search went', async () => {
    const ofNeck = await collectAutoFpnReport(
      await storeOf({ ...STARTED, ...searched(['neck']) }),
      record.run,
    )
    expect(ofNeck.searches).toEqual([searches[0]])
    const ofBoth = await collectAutoFpnReport(
      await storeOf({ ...STARTED, ...searched(['neck', 'head']) }),
      record.run,
    )
    expect(ofBoth.searches).toEqual(searches)
  })

  it('finds how the detector compares, its accuracy beside FPN’s, its pictures and the end of the run', async () => {
    const store = await storeOf(FINISHED)
    for (const n of [0, 1]) await store.put(trialKeys(comparison!.winner.trial).prediction(n), PIXEL)
    const data = await collectAutoFpnReport(store, record.run)
    expect(data).toMatchObject({ comparison, end })
    expect(data.winner).toEqual(winner)
  })

  it('has no accuracy of FPN where that was not trained', async () => {
    const contenders = comparison!.contenders.filter(({ role }) => role !== 'fpn')
    const store = await storeOf({ ...FINISHED, [keys.comparison]: { ...comparison, contenders } })
    const data = await collectAutoFpnReport(store, record.run)
    expect(data.winner).toMatchObject({ detected: winner!.detected, fpn: undefined, pictures: [] })
  })

  it('names a search whose history is gone, and what brings it back', async () => {
    const { [supernetKeys(searches[0]!.found[0]!.trial).history]: _, ...others } = FINISHED
    await expect(collectAutoFpnReport(await storeOf(others), record.run)).rejects.toThrow(/history\.json/)
  })

  it('names a run that is not there', async () => {
    await expect(collectAutoFpnReport(memoryStore(), 'none')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('drawReport', () => {
  it('draws a run as its pipeline does', async () => {
    const store = await storeOf(FINISHED)
    expect(await drawReport(store, record.run)).toBe(
      renderAutoFpnReport(await collectAutoFpnReport(store, record.run)),
    )
  })
})
