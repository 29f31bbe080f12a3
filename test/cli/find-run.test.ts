import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findRunByFullName, nameOfRun } from '../../cli/find-run.ts'
import { list, listRuns } from '../../cli/list.ts'
import { chosenName } from '../../cli/search.ts'
import { runsHere } from '../../cli/standing.ts'
import { TrellisError } from '../../nas/errors.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import { folderStore } from '../../nas/store/folder.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { emptyFolder } from './trellis.ts'

/** A store with runs, the first of which was started first. */
async function storeWith(...runs: string[]) {
  const store = folderStore(emptyFolder())
  for (const [i, run] of runs.entries())
    await store.put(`runs/${run}/config.json`, jsonBytes({ startedAt: 1000 * i }))
  return store
}

test('a run is named by its name, though that begins another', async () => {
  expect(await nameOfRun(await storeWith('street', 'street-2'), 'street')).toBe('street')
})

test('or by the beginning of its name, where only one begins so', async () => {
  const store = await storeWith('camvid-1', 'street-20261126-165934', 'street-20261127-101500')
  expect(await nameOfRun(store, 'cam')).toBe('camvid-1')
  expect(await nameOfRun(store, 'street-20261127')).toBe('street-20261127-101500')
  await expect(nameOfRun(store, 'street')).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(
      /^2 runs in .* begin with street: street-20261126-165934, street-20261127-101500$/,
    ),
    fix: 'give more of the name',
  })
})

test('latest is the run that was started last', async () => {
  const store = await storeWith('b', 'c', 'a')
  expect(await nameOfRun(store, 'latest')).toBe('a')
  await expect(nameOfRun(await storeWith(), 'latest')).rejects.toMatchObject({
    fix: expect.stringContaining('there is none at all'),
  })
})

test("a run with a name like the one that was typed is suggested, and a stranger's is not", async () => {
  const store = await storeWith('street-20261126-165934')
  const fixOf = (name: string) => nameOfRun(store, name).catch(({ fix }) => fix)
  expect(await fixOf('street-20261126-165943')).toMatch(/^did you mean street-20261126-165934\? Known:/)
  expect(await fixOf('nope')).toBe('Known: street-20261126-165934')
  expect(await fixOf('')).toBe('Known: street-20261126-165934')
})

test('of many runs some are named', async () => {
  const store = await storeWith(...Array.from({ length: 20 }, (_, i) => `run-${i}`))
  await expect(nameOfRun(store, 'none')).rejects.toMatchObject({
    fix: expect.stringMatching(/ and 12 more \(trellis list\)$/),
  })
})

test('what ends a run takes no beginning of a name', async () => {
  await expect(findRunByFullName(await storeWith('street-1'), 'street')).rejects.toThrow(
    'there is no run street in',
  )
})

describe('a run that cannot be read', () => {
  const withUnreadable = async () => {
    const store = await storeWith('old', 'good', 'bad')
    return {
      ...store,
      get: async (key: string) => {
        if (key.startsWith('runs/bad/')) throw new TrellisError('store-failed', `cannot read ${key}: EACCES`)
        return store.get(key)
      },
    }
  }

  test('is not the latest, and hides no other', async () => {
    const store = await withUnreadable()
    expect(await nameOfRun(store, 'latest')).toBe('good')
    expect(await nameOfRun(store, 'go')).toBe('good')
  })

  test('is listed as damaged, and so is one whose session is', async () => {
    const store = await withUnreadable()
    await store.put('runs/good/sessions/0000.json', new TextEncoder().encode('{"host'))
    const runs = await listRuns(store, (run) => runsHere(store, run))
    expect(runs.map(({ run }) => run).sort()).toEqual(['bad', 'good', 'old'])
    expect(runs.filter(({ run }) => run !== 'old').map(({ state }) => state)).toEqual(['damaged', 'damaged'])
  })
})

test('no run is called latest, which names the one that was started last', () => {
  expect(() => chosenName({ name: 'a' } as RunConfig, 'latest')).toThrow(
    expect.objectContaining({ code: 'invalid-config', fix: expect.stringContaining('name it otherwise') }),
  )
})

test('what can be no name of a run suggests none', async () => {
  const store = await storeWith('r')
  for (const name of ['', '.', '*'])
    await expect(nameOfRun(store, name)).rejects.toMatchObject({
      message: `"${name}" is the name of no run in ${store.location}`,
      fix: 'Known: r',
    })
})

test('a store that is named is there', async () => {
  const folder = emptyFolder()
  await expect(list({ store: join(folder, 'nope') })).rejects.toMatchObject({
    message: `there is no folder ${join(folder, 'nope')}`,
  })
  writeFileSync(join(folder, 'file'), '')
  await expect(list({ store: join(folder, 'file') })).rejects.toThrow('file is not a folder')
})
