import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { localHost } from '../../local/host.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const hostOf = (objects: Readonly<Record<string, string>>) =>
  localHost({ get: async (key) => (key in objects ? bytes(objects[key]!) : undefined) }, 'r', {})
const reader = (key: string) => ({ bucket: 'b', key, inputType: 'JSONL' as const })

test('a manifest is read line by line; an empty one has no items', async () => {
  const host = hostOf({ two: '{"trials":["a"]}\n{"trials":["b","c"]}\n', none: '' })
  expect(await host.readItems(reader('two'))).toEqual([{ trials: ['a'] }, { trials: ['b', 'c'] }])
  expect(await host.readItems(reader('none'))).toEqual([])
})

test('a manifest that is not there is States.ItemReaderFailed, naming it', async () => {
  await expect(hostOf({}).readItems(reader('runs/r/rounds/0000.jsonl'))).rejects.toMatchObject({
    error: 'States.ItemReaderFailed',
    cause: expect.stringContaining('runs/r/rounds/0000.jsonl'),
  })
})

test('a sleep longer than any timer of Node does not end at once, and ends with its signal', async () => {
  const stop = new AbortController()
  let over = false
  const warned = vi.fn()
  process.on('warning', warned)
  const sleep = hostOf({})
    .sleep(30 * 24 * 3600 * 1000, stop.signal)
    .finally(() => {
      over = true
    })
  await setTimeout(30)
  process.off('warning', warned)
  expect(over).toBe(false)
  // Node warns of a timer that it has cut short.
  expect(warned).not.toHaveBeenCalled()
  stop.abort()
  await expect(sleep).rejects.toThrow('aborted')
})
