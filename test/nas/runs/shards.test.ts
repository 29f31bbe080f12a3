import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contentHash } from '../../../nas/hash.ts'
import { failed, putResult } from '../../../nas/runs/result.ts'
import { putShards, withoutResult } from '../../../nas/runs/shards.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-shards-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(contentHash) as [string, string, string, string]

it('gives each trial without a result to one job, however often it is named', async () => {
  const store = folderStore(folder)
  await putResult(store, b, failed('out of memory'), segmentation.result)
  const pending = await withoutResult(store, [a, b, c, a, d, c])
  expect(await putShards(store, 'shards.jsonl', pending, 2)).toBe(2)
  const lines = new TextDecoder()
    .decode(await store.get('shards.jsonl'))
    .trim()
    .split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([{ trials: [a, c] }, { trials: [d] }])
})
