import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../cli/config-file.ts'
import { emptyFolder, TINY, writeConfig } from './trellis.ts'

const read = (text: string, ...overrides: string[]) => readConfig(writeConfig(emptyFolder(), text), overrides)

test.each([
  ['a colon too many', 'pipeline: dpc\nname: a: b\n', ':2:'],
  ['a key twice', 'pipeline: dpc\npipeline: dpc\n', ':2:1: '],
  ['an alias of nothing', 'pipeline: *dpc\n', ''],
])('YAML with %s is refused', (_, text, place) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({
      code: 'invalid-config',
      message: expect.stringContaining(`search.yaml${place}`),
    }),
  )
})

test('an empty file is no config', () => {
  expect(() => read('')).toThrow(expect.objectContaining({ code: 'invalid-config' }))
})

test('of two overrides the later one holds, over the file', () => {
  expect(read(TINY, 'budget.trials=5', 'budget.trials=6').budget).toEqual({ trials: 6 })
})

test('paths count from the current folder and come out absolute; addresses stay', () => {
  const folders = 'dataset={kind: folders, path: data, classes: 3}'
  const weights = 'backbone={weights: w.safetensors}'
  const config = read(TINY, folders, weights, 'store=s')
  expect(config).toMatchObject({
    store: join(process.cwd(), 's'),
    dataset: { path: join(process.cwd(), 'data') },
    backbone: { weights: join(process.cwd(), 'w.safetensors') },
  })
  expect(read(TINY, folders, 'dataset.path=s3://bucket/data').dataset).toMatchObject({
    path: 's3://bucket/data',
  })
})
