import { expect, test } from 'vitest'
import { causeOf, Halted } from '../../cli/halted.ts'
import { Interrupted } from '../../cli/interrupted.ts'
import { TrellisError } from '../../nas/errors.ts'
import { folderStore } from '../../nas/store/folder.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { emptyFolder } from './trellis.ts'

const full = new TrellisError('store-failed', 'cannot write s/probe: ENOSPC', { fix: 'free some space' })
const failed = new TrellisError('job-failed', 'run a failed: cannot write s/x: ENOSPC')

const sound = (): ObjectStore => folderStore(emptyFolder())
const fullStore = (): ObjectStore => ({ ...sound(), put: () => Promise.reject(full) })

test('a run that fails on a store that can be written has failed', async () => {
  const store = sound()
  expect(await causeOf(failed, store, 'resume a')).toBe(failed)
  expect(await store.get('probe')).toBeUndefined()
})

test('one that fails on a store that cannot be written is halted by it', async () => {
  const cause = await causeOf(failed, fullStore(), 'resume a')
  expect(cause).toBeInstanceOf(Halted)
  expect(cause).toMatchObject({
    message: 'the store fails: cannot write s/probe: ENOSPC (run a failed: cannot write s/x: ENOSPC)',
    fix: 'free some space; then go on with: trellis resume a',
  })
})

test.each([
  ['store', full],
  ['machine', Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM', errno: -12 })],
])('so is one in which the %s fails outside of a step', async (_, thrown) => {
  expect(await causeOf(thrown, sound(), 'resume a')).toBeInstanceOf(Halted)
})

test('an interruption and a defect stay what they are', async () => {
  for (const thrown of [new Interrupted('resume a'), new TypeError('x is undefined')])
    expect(await causeOf(thrown, fullStore(), 'resume a')).toBe(thrown)
})
