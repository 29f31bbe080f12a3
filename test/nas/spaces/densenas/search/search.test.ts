import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { decode } from '../../../../../nas/spaces/densenas/decode.ts'
import { folderStore } from '../../../../../nas/store/folder.ts'
import type { Tensors } from '../../../../../nas/tensor.ts'
import { TOY, toyBatch, toyCosts, toySearch } from './toy-search.ts'

const folder = await mkdtemp(join(tmpdir(), 'trellis-supernet-'))
const store = folderStore(folder)
afterAll(() => rm(folder, { recursive: true }))

const never = { checkpointDue: () => false }

const bytes = (weights: Tensors) =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [name, Buffer.from(data.buffer).toString('base64')]),
  )

async function finished(key: string, changes: Parameters<typeof toySearch>[2] = {}) {
  const search = await toySearch(store, key, changes)
  const result = await search.train(never)
  const { weights, ...found } = await search.read()
  await search.dispose()
  return { result, ...found, weights: bytes(weights) }
}

let unbroken: ReturnType<typeof finished> | undefined
/** What a search ends with that nothing stops. */
const expected = () => {
  unbroken ??= finished('unbroken')
  return unbroken
}

describe('a search', () => {
  it('comes to its end', async () => {
    expect((await expected()).result.kind).toBe('finished')
  })

  // In the midst of an epoch for the weights, and of one for the architecture.
  it.each([2, 4])('ends bit for bit alike, interrupted after step %i or unbroken', async (done) => {
    const stop = new AbortController()
    const broken = await toySearch(store, `broken${done}`)
    const onStep = (step: number) => {
      if (step === done) stop.abort()
    }
    expect(await broken.train({ ...never, onStep, signal: stop.signal })).toEqual({
      kind: 'interrupted',
      done,
    })
    await broken.dispose()
    expect(await finished(`broken${done}`)).toEqual(await expected())
  })

  it('ends bit for bit alike, killed some steps after a checkpoint', async () => {
    const killed = await toySearch(store, 'killed', {
      batch: (phase, index) =>
        phase === 'architecture' && index === 3
          ? Promise.reject(new Error('killed'))
          : Promise.resolve(toyBatch(phase, index)),
    })
    await expect(killed.train({ checkpointDue: (done) => done % 4 === 0 })).rejects.toThrow('killed')
    await killed.dispose()
    expect((await toySearch(store, 'killed')).step).toBe(8)
    expect(await finished('killed')).toEqual(await expected())
  })

  it('tells of every epoch, and of probabilities where they have moved', async () => {
    const { history } = await expected()
    expect(history.epochs.map(({ epoch, phase }) => `${epoch} ${phase}`)).toEqual([
      '0 weights',
      '1 architecture',
      '2 weights',
      '3 architecture',
      '4 weights',
    ])
    for (const { phase, paths, operations } of history.epochs) {
      expect(paths === undefined).toBe(phase === 'weights')
      expect(operations === undefined).toBe(phase === 'weights')
    }
  })

  it('finds the cheapest network where cost is all that counts', async () => {
    const { parameters } = await finished('cheap', {
      schedule: { epochs: 20, architectureFrom: 0, stepsPerEpoch: { weights: 1, architecture: 8 } },
      cost: { table: toyCosts, estimate: 'chained', lambda: 100, tau: 15 },
    })
    const { blocks } = decode(TOY, parameters)
    expect(blocks.slice(1)).toEqual([{ width: 6, stride: 2, head: 'mbconv_k3_t1', stack: [] }])
  })

  it('gives up at the step whose loss is no number', async () => {
    const { result } = await finished('diverged', {
      weights: { learningRate: 1e30, finalLearningRate: 1e30, momentum: 0.9, weightDecay: 0 },
    })
    expect(result.kind).toBe('diverged')
  })
})
