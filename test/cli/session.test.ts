import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { openSession } from '../../cli/session.ts'
import { folderStore } from '../../nas/store/folder.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { emptyFolder } from './trellis.ts'

const first = 'runs/a/sessions/0000.json'
const here = { host: hostname(), born: '', startedAt: 0 }

test('of many that want to run a run, one does', async () => {
  const store = folderStore(emptyFolder())
  const opened = await Promise.allSettled(Array.from({ length: 20 }, () => openSession(store, 'a')))
  expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const each of opened) {
    if (each.status === 'rejected')
      expect(each.reason.message).toContain(`being run by process ${process.pid}`)
  }
})

test('the next one may run it when the session has ended', async () => {
  const store = folderStore(emptyFolder())
  const close = await openSession(store, 'a')
  await close()
  await expect(openSession(store, 'a')).resolves.toBeTypeOf('function')
})

test('a process that was killed runs nothing', async () => {
  const store = folderStore(emptyFolder())
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  await store.put(first, jsonBytes({ ...here, pid }))
  await expect(openSession(store, 'a')).resolves.toBeTypeOf('function')
})

test.runIf(process.platform === 'linux')('nor does a later process of the same number', async () => {
  const store = folderStore(emptyFolder())
  await store.put(first, jsonBytes({ ...here, pid: process.pid, born: '1' }))
  await expect(openSession(store, 'a')).resolves.toBeTypeOf('function')
})

test('a process on another computer is taken to live, and the error says what to delete if it does not', async () => {
  const store = folderStore(emptyFolder())
  await store.put(first, jsonBytes({ ...here, host: 'elsewhere', pid: 7 }))
  await expect(openSession(store, 'a')).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringContaining('process 7 on elsewhere'),
    fix: expect.stringContaining(`delete ${store.location}/${first}`),
  })
})

test('runs do not wait for each other', async () => {
  const store = folderStore(emptyFolder())
  await openSession(store, 'a')
  await expect(openSession(store, 'ab')).resolves.toBeTypeOf('function')
})

test.each([
  ['a hole', ['0000', '0002']],
  ['the first missing', ['0003']],
  ['five digits', ['9999', '10000']],
])('%s among the sessions is no reason to try for ever', async (_, numbers) => {
  const store = folderStore(emptyFolder())
  for (const number of numbers)
    await store.put(`runs/a/sessions/${number}.json`, jsonBytes({ ...here, pid: 1, endedAt: 1 }))
  await store.put('runs/a/sessions/notes.txt', new Uint8Array())
  await openSession(store, 'a')
  const next = `runs/a/sessions/${String(Number(numbers.at(-1)) + 1).padStart(4, '0')}.json`
  expect(await store.get(next)).toBeDefined()
})

test('a store that lists other sessions than it has is told so', async () => {
  const store = folderStore(emptyFolder())
  const forgetful = { ...store, putIfAbsent: async () => false }
  await expect(openSession(forgetful, 'a')).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringContaining('0000.json is there, but is not listed'),
  })
})
