import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { getJson, jsonBytes, putJsonOnce, requireJson } from '../../../nas/store/json.ts'
import { memoryStore } from '../../functions/memory-store.ts'

const schema = z.strictObject({ a: z.number(), b: z.number() })

describe('JSON objects', () => {
  it('have equal bytes for equal values', () => {
    expect(jsonBytes({ a: 1, b: 2 })).toEqual(jsonBytes({ b: 2, a: 1 }))
  })

  it('written once are the first writer’s for every writer', async () => {
    const store = memoryStore()
    const written = await Promise.all([1, 2, 3].map((a) => putJsonOnce(store, 'k', schema, { a, b: 0 })))
    expect(written).toEqual(Array(3).fill({ a: 1, b: 0 }))
    expect(await getJson(store, 'k', schema)).toEqual({ a: 1, b: 0 })
  })

  it('that are needed and missing, or not what they should be, are errors naming the key', async () => {
    const store = memoryStore()
    expect(await getJson(store, 'k', schema)).toBeUndefined()
    await expect(requireJson(store, 'k', schema, 'make it')).rejects.toMatchObject({
      code: 'not-found',
      message: 'memory:/k does not exist',
      fix: 'make it',
    })
    for (const text of ['{"a":', '{"a":1}', '{"a":1,"b":2,"c":3}']) {
      await store.put('k', new TextEncoder().encode(text))
      await expect(getJson(store, 'k', schema)).rejects.toMatchObject({
        code: 'store-failed',
        message: expect.stringContaining('memory:/k'),
      })
    }
  })
})
