import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canonicalJson } from '../../../nas/hash.ts'
import {
  getJson,
  getSound,
  jsonBytes,
  parseJson,
  plainJsonBytes,
  putJsonOnce,
  requireJson,
} from '../../../nas/store/json.ts'
import { memoryStore } from '../../functions/memory-store.ts'

const schema = z.strictObject({ a: z.number(), b: z.number() })
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const bytesOf = (json: string) => new TextEncoder().encode(json)

describe('JSON objects', () => {
  it('have equal bytes for equal values', () => {
    expect(jsonBytes({ a: 1, b: 2 })).toEqual(jsonBytes({ b: 2, a: 1 }))
    expect(text(plainJsonBytes({ b: 2, a: [1] }))).toBe('{"a":[1],"b":2}\n')
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
      await store.put('k', bytesOf(text))
      await expect(getJson(store, 'k', schema, 'mend it')).rejects.toMatchObject({
        code: 'store-failed',
        message: expect.stringContaining('memory:/k'),
        fix: 'mend it',
      })
      expect(await getSound(store, 'k', schema)).toBeUndefined()
    }
  })
})

describe('the checksum of a JSON object', () => {
  it('is that of the canonical JSON of all else', () => {
    const value = { b: [1, 'ä'], a: null }
    const sha256 = createHash('sha256').update('{"a":null,"b":[1,"ä"]}').digest('hex')
    expect(text(jsonBytes(value))).toBe(`{"sha256":"${sha256}","a":null,"b":[1,"ä"]}\n`)
  })

  it('is not part of the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
        fc.pre(!('sha256' in value))
        expect(parseJson(jsonBytes(value))).toEqual(JSON.parse(canonicalJson(value)))
      }),
    )
  })

  it('finds every flipped bit of every byte, but for those of its own name', async () => {
    const store = memoryStore()
    const whole = jsonBytes({ a: 0.25, b: 31 })
    const object = z.looseObject({ a: z.number(), b: z.number() })
    const unnoticed = new Set<number>()
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const flipped = whole.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      await store.put('k', flipped)
      expect(await getSound(store, 'k', schema), `bit ${bit}`).toBeUndefined()
      if (await getSound(store, 'k', object)) unnoticed.add(bit >> 3)
    }
    // With a damaged name it is a key like others, which a loose schema takes.
    expect([...unnoticed].filter((at) => at < 2 || at > 7)).toEqual([])
  })

  it('may be missing, as older versions left it, and holds in whatever layout', () => {
    expect(parseJson(bytesOf('{"a": 1}'))).toEqual({ a: 1 })
    expect(parseJson(bytesOf('[1, 2]'))).toEqual([1, 2])
    const value = JSON.parse(text(jsonBytes({ a: 1, b: 2 }))) as object
    expect(parseJson(bytesOf(JSON.stringify(value, undefined, 2)))).toEqual({ a: 1, b: 2 })
    expect(() => parseJson(bytesOf(JSON.stringify({ ...value, b: 3 }, undefined, 2)))).toThrow('checksum')
  })

  it('has no room in a list', () => {
    expect(() => jsonBytes([1])).toThrow(TypeError)
  })
})
