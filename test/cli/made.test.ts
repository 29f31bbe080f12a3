import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TINY } from './tiny.ts'
import { emptyFolder, trellis, writeConfig, writePng } from './trellis.ts'

const DATASET = 'dataset: { kind: folders, path: data, classes: [a, b] }'
const EVERYTHING = 'Everything is in the store already'
const LEFT_OUT = 'In the store already, and left out: '

let folder: string
beforeAll(async () => {
  folder = emptyFolder(afterAll)
  writeConfig(folder, TINY.replace(/^dataset:.*$/m, DATASET))
  for (const name of ['train/a', 'train/b', 'val/c', 'val/d']) {
    writePng(join(folder, 'data/images', `${name}.png`), [32, 48], 3, name.charCodeAt(name.length - 1))
    writePng(join(folder, 'data/annotations', `${name}.png`), [32, 48], 1, 0, 1)
  }
  expect(await estimate()).not.toMatch(/in the store/i)
  const { status, stderr } = await trellis(folder, 'search', 'search.yaml', '--run', 'a')
  expect(status, stderr).toBe(0)
})

async function estimate(...set: readonly string[]): Promise<string> {
  const args = set.flatMap((each) => ['--set', each])
  const { status, stdout, stderr } = await trellis(folder, 'estimate', 'search.yaml', ...args)
  expect(status, stderr).toBe(0)
  return stdout
}

test('an estimate says that everything is in the store, and counts none of it', async () => {
  const same = await estimate('name=again', 'compute.concurrency=1')
  expect(same).toContain(EVERYTHING)
  expect(same).toMatch(/^total +0 +0 s /m)
})

test('it names the parts that are there, by all that they depend on', async () => {
  expect(await estimate('rerank.steps=3')).toContain(`${LEFT_OUT}pretraining, features.`)
  expect(await estimate('proxy.scale=[1, 1]')).toContain(`${LEFT_OUT}pretraining.`)
  for (const other of ['seed=1', 'dataset.classes=[b, c]'])
    expect(await estimate(other)).not.toMatch(/in the store/i)
})

test('a budget is held against what is left to do, by an estimate and by a search', async () => {
  // Of about 8 s, pretraining and features are 4.
  const within = ['rerank.steps=3', 'budget={trials: 4, hours: 0.0018}']
  expect(await estimate('seed=1', ...within)).toContain('Above your budget: the run would take about')
  expect(await estimate(...within)).not.toContain('Above your budget')
  const set = within.flatMap((each) => ['--set', each])
  const searched = await trellis(folder, 'search', 'search.yaml', '--run', 'b', ...set)
  expect(searched.status, searched.stderr).toBe(0)
})

test('it says so of no dataset that has changed', async () => {
  writePng(join(folder, 'data/images/train/a.png'), [32, 48], 3, 9)
  expect(await estimate()).not.toMatch(/in the store/i)
})
