import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elementsOf } from '../../../../nas/data/detection/json-elements.ts'
import { text } from '../memory.ts'

const read = (content: string, member?: string) => [...elementsOf(text(content), 'a.json', member)]

test('are those that JSON.parse finds, of any values and with any spaces', () => {
  const spaces = fc.constantFrom(undefined, 1, '\t', ' \n')
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      spaces,
      (list, others, indent) => {
        expect(read(JSON.stringify(list, null, indent))).toEqual(JSON.parse(JSON.stringify(list)))
        const { wanted: _, ...rest } = others
        const object = JSON.stringify({ ...rest, wanted: list, '}': ['"', '\\'] }, null, indent)
        expect(read(object, 'wanted')).toEqual(JSON.parse(object).wanted)
      },
    ),
  )
})

test('a byte order mark is passed over', () => {
  expect(read('\ufeff [1, {"a": "]"}]')).toEqual([1, { a: ']' }])
})

test.each([
  ['', undefined, 'a.json has no array'],
  ['{"a": [1]}', undefined, 'a.json has no array'],
  ['{"a": [1]}', 'b', 'a.json has no array `b`'],
  ['{"a": 1}', 'a', 'a.json has no array `a`'],
  ['[1, 2', undefined, 'a.json is no JSON, or ends too soon: see byte 5'],
  ['[1 2]', undefined, 'see byte 3'],
  ['[1, {"a": "x]', undefined, 'see byte 13'],
  ['[1, {"a": 2,}]', undefined, 'see byte 4'],
  ['[tru]', undefined, 'see byte 1'],
  ['[1,]', undefined, 'see byte 3'],
  ['{"a" [1]}', 'a', 'see byte 1'],
])('%j is an error with its place', (content, member, message) => {
  expect(() => read(content, member)).toThrow(message)
})
