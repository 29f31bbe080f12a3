import { afterEach, expect, test, vi } from 'vitest'
import { showDataset } from '../../cli/show-dataset.ts'
import { putFiles } from '../../nas/runs/dataset.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { memoryStore } from '../functions/memory-store.ts'

const out = vi.spyOn(console, 'log').mockImplementation(() => {})
const err = vi.spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => vi.clearAllMocks())

const record = { run: 'r', dataset: { fingerprint: 'f', classes: ['sky', 'road'] } } as unknown as RunRecord

const noted = async () => {
  const store = memoryStore()
  await putFiles(
    store,
    'r',
    'f',
    {},
    {
      counts: {
        of: 'pixels',
        values: [0, 1],
        train: { classes: [3, 1], ignored: {} },
        validation: { classes: [4, 0], ignored: {} },
      },
      warnings: ['1 image is in both splits.'],
    },
  )
  return store
}

test('the classes of a run are shown, and what to bear in mind of its dataset, on standard error', async () => {
  await showDataset(await noted(), record, {})
  expect(out.mock.calls.join('\n')).toMatch(/^ {2}class .*\n {2}sky +75\.00 +100\.00\n {2}road +25\.00 +0$/)
  expect(err.mock.calls.map(([line]) => line)).toEqual([
    'trellis: warning: 1 image is in both splits.',
    'trellis: warning: No validation mask holds class "road" (value 1): the score does not say how well that is found.',
  ])
})

test('beside JSON all is said on standard error', async () => {
  await showDataset(await noted(), record, { json: true })
  expect(out).not.toHaveBeenCalled()
  expect(err).toHaveBeenCalledTimes(3)
})

test('a run of an earlier version has nothing to show', async () => {
  const store = memoryStore()
  await putFiles(store, 'r', 'f', {})
  await showDataset(store, record, {})
  await showDataset(memoryStore(), record, {})
  expect([out, err].flatMap((spy) => spy.mock.calls)).toEqual([])
})
