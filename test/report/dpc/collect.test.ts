import { describe, expect, it } from 'vitest'
import { rerankSchema } from '../../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import { leaderboardSchema } from '../../../nas/pipelines/dpc/leaderboard.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { requireJson } from '../../../nas/store/json.ts'
import { collectDpcReport } from '../../../report/dpc/collect.ts'
import { renderDpcReport } from '../../../report/dpc/render.ts'
import { runMachine, search, servicesOf, work } from '../../functions/dpc/machine.ts'
import { start } from '../../functions/machine.ts'
import { memoryStore } from '../../functions/memory-store.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { PIXEL } from './sample.ts'

const record = aRun('one', 'search.perRound=8', 'budget.trials=16', 'rerank.top=3')
const keys = dpcKeys(record.run)

async function started() {
  const store = memoryStore()
  await start(store, record)
  return store
}

describe('collectDpcReport', () => {
  it('finds the winner, its pictures, all trials and the end of a finished run', async () => {
    const store = await started()
    await runMachine(store, record.run)
    const { contenders, winner } = await requireJson(store, keys.rerank, rerankSchema, '')
    await store.put(trialKeys(winner.trial).prediction(0), PIXEL)

    const data = await collectDpcReport(store, record.run)
    expect(data.end).toMatchObject({ status: 'succeeded' })
    expect(data.tried.map(({ number }) => number)).toEqual(Array.from({ length: 16 }, (_, i) => i))
    expect(data.pending).toBe(0)
    expect(data.winner).toMatchObject({ ...winner, scoredBy: 'full training', predictions: [PIXEL] })
    const aspp = contenders.find(({ role }) => role === 'aspp')
    expect(data.winner!.asppIou).toEqual([aspp!.score])
    expect(renderDpcReport(data)).toContain('id="comparison"')
  })

  it('takes the best by the proxy task while nothing is trained in full', async () => {
    const store = await started()
    await search(store, record.run)
    const { ranked } = await requireJson(store, keys.leaderboard, leaderboardSchema, '')
    const { number, ...best } = ranked[0]!
    const data = await collectDpcReport(store, record.run)
    expect(data.end).toBeUndefined()
    expect(data.tried[number]).toMatchObject(best)
    expect(data.rerank).toBeUndefined()
    expect(data.winner).toMatchObject({ ...best, scoredBy: 'the proxy task' })
    expect(renderDpcReport(data)).toContain('Still running')
  })

  it('reports a run from its first moment, and counts what is under way', async () => {
    const store = await started()
    const first = await collectDpcReport(store, record.run)
    expect(first).toMatchObject({ tried: [], pending: 0, winner: undefined, ledger: [] })
    expect(renderDpcReport(first)).toContain('No trial has a score yet.')

    const call = servicesOf(store)
    const { manifest } = await call.Propose({ run: record.run, round: 0 })
    expect(await collectDpcReport(store, record.run)).toMatchObject({ tried: [], pending: 8 })
    await work(store, manifest)
    await call.Aggregate({ run: record.run, round: 0 })
    expect(await collectDpcReport(store, record.run)).toMatchObject({ tried: { length: 8 }, pending: 0 })
  })

  it('reports a run of which every trial failed', async () => {
    const store = await started()
    await search(store, record.run, () => ({ status: 'failed', reason: 'out of memory' }))
    const data = await collectDpcReport(store, record.run)
    expect(data.winner).toBeUndefined()
    expect(renderDpcReport(data)).toContain(
      `${data.tried.length} of ${data.tried.length} trials failed: out of memory.`,
    )
  })

  it('names a run that is not there', async () => {
    await expect(collectDpcReport(memoryStore(), 'none')).rejects.toMatchObject({ code: 'not-found' })
  })
})
