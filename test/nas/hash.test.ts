import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../nas/hash.ts'

/** By sorting the keys of every object, whatever they were. */
const plainly = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )

describe('canonical JSON', () => {
  it('has the keys of every object sorted', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(value)).toBe(plainly(value))
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value))
      }),
    )
  })

  it('leaves out what is undefined, and the value as it was', () => {
    const value = Object.freeze({ b: [{ d: 1, c: undefined }], a: { f: 2, e: [] } })
    expect(canonicalJson(value)).toBe('{"a":{"e":[],"f":2},"b":[{"d":1}]}')
    expect(Object.keys(value)).toEqual(['b', 'a'])
    expect(canonicalJson(undefined)).toBe('null')
  })
})
