import { describe, expect, it } from 'vitest'
import { type Derived, derivedSchema } from '../../../nas/pipelines/densenas/derived.ts'
import { denseNasKeys, supernetKeys } from '../../../nas/pipelines/densenas/keys.ts'
import { runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { jsonBytes } from '../../../nas/store/json.ts'
import { collectDenseNasReport } from '../../../report/densenas/collect.ts'
import { drawReport } from '../../../report/densenas/index.ts'
import { renderDenseNasReport } from '../../../report/densenas/render.ts'
import { memoryStore } from '../../functions/memory-store.ts'
import { sample } from './sample.ts'

const { record, search, comparison, end } = sample()
const derived: Derived = derivedSchema.parse(search!.derived)
const keys = { ...runKeys(record.run), ...denseNasKeys(record.run) }
const supernet = { ...trialKeys(derived.trial), ...supernetKeys(derived.trial) }

/** Logarithms of probabilities are parameters that give those probabilities. */
const logarithms = (values: readonly number[]) => values.map(Math.log)
const { paths, head, stack } = search!.relaxation

const STARTED = { [keys.config]: record }
const SEARCHED = {
  ...STARTED,
  [keys.derived]: derived,
  [supernet.architecture]: {
    beta: paths.map(logarithms),
    head: head.map((inputs) => inputs.map(logarithms)),
    stack: stack.map((layers) => layers.map(logarithms)),
  },
  [supernet.history]: { epochs: search!.epochs },
  [supernet.result]: {
    ...{ status: 'succeeded', score: 0.6312, top5: 0.9, loss: 1 },
    ...{ parameters: 1, multiplyAdds: 1 },
  },
}
const FINISHED = {
  ...SEARCHED,
  [keys.comparison]: comparison,
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

describe('collectDenseNasReport', () => {
  it('reports a run from its first moment', async () => {
    const data = await collectDenseNasReport(await storeOf(STARTED), record.run)
    expect(data).toMatchObject({ search: undefined, comparison: undefined, end: undefined, ledger: [] })
    expect(renderDenseNasReport(data)).toContain('The search is under way.')
  })

  it('finds the network, how its search went and the probabilities at the end', async () => {
    const data = await collectDenseNasReport(await storeOf(SEARCHED), record.run)
    expect(data.comparison).toBeUndefined()
    expect(data.search).toMatchObject({ derived, epochs: search!.epochs, score: 0.6312 })
    for (const [i, probabilities] of data.search!.relaxation.paths.entries())
      for (const [k, probability] of probabilities.entries())
        expect(probability).toBeCloseTo(paths[i]![k]!, 12)
  })

  it('finds how it compares, and how the run ended', async () => {
    const data = await collectDenseNasReport(await storeOf(FINISHED), record.run)
    expect(data).toMatchObject({ comparison, end })
  })

  it('names a run that is not there', async () => {
    await expect(collectDenseNasReport(memoryStore(), 'none')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('drawReport', () => {
  it('draws a run as its pipeline does', async () => {
    const store = await storeOf(FINISHED)
    expect(await drawReport(store, record.run)).toBe(
      renderDenseNasReport(await collectDenseNasReport(store, record.run)),
    )
  })
})
