import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig, readDatasetSection } from '../../cli/config-file.ts'
import { TINY } from './tiny.ts'
import { emptyFolder, writeConfig } from './trellis.ts'

const read = (text: string, ...overrides: string[]) => readConfig(writeConfig(emptyFolder(), text), overrides)

test.each([
  ['a colon too many', 'pipeline: dpc\nname: a: b\n', ':2:'],
  ['a key twice', 'pipeline: dpc\npipeline: dpc\n', ':2:1: '],
  ['an alias of nothing', 'pipeline: *dpc\n', ':1:11: *dpc stands for nothing'],
  ['a key that is a list', 'pipeline: dpc\n? [a, b]\n: 1\n', ':2:3: a key must be text'],
  ['a second document', 'pipeline: dpc\n---\npipeline: dpc\n', ':2:1: a second document begins here'],
  ['a control character', 'pipeline: dpc # \0\n', ':1:17: a control character, U+0000'],
])('YAML with %s is refused', (_, text, place) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({
      code: 'invalid-config',
      message: expect.stringContaining(`search.yaml${place}`),
    }),
  )
})

describe('a configuration is read', () => {
  const bytes = Buffer.from(`\ufeff# Straße${TINY}`, 'utf16le')
  const withBytes = (content: Uint8Array) => {
    const file = join(emptyFolder(), 'search.yaml')
    writeFileSync(file, content)
    return () => readConfig(file)
  }

  test.each([
    ['in UTF-8 with a byte order mark', Buffer.from(`\ufeff# Straße${TINY}`)],
    ['in UTF-16, as PowerShell writes it', bytes],
    ['in UTF-16 of the other byte order', Buffer.from(bytes).swap16()],
  ])('%s', (_, content) => {
    expect(withBytes(content)()).toMatchObject({ pipeline: 'dpc', name: 'tiny' })
  })

  test.each([
    [
      'in Latin-1, if only in a comment',
      Buffer.from(`# Straße${TINY}`, 'latin1'),
      'is not text in UTF-8',
      'iconv',
    ],
    ['in half of UTF-16', bytes.subarray(0, -1), 'is not text in UTF-16LE', 'iconv'],
    ['of an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), 'is no text', 'name a text file'],
  ])('and not %s', (_, content, message, fix) => {
    expect(withBytes(content)).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: expect.stringContaining(message),
        fix: expect.stringContaining(fix),
      }),
    )
  })
})

test.each(['!!binary aGk=', '!!set { a, b }', '!!timestamp 2001-12-14', '!mine 1'])(
  'a value that JSON could not hold is refused: %s',
  (value) => {
    const refused = expect.objectContaining({
      code: 'invalid-config',
      message: expect.stringContaining('tag'),
    })
    expect(() => read(`${TINY}seed: ${value}\n`)).toThrow(refused)
    expect(() => read(TINY, `seed=${value}`)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  },
)

const doubled = (n: number) => `b${n + 1}: &b${n + 1} [${Array(9).fill(`*b${n}`).join(', ')}]\n`

describe('what would take a parser for ever is refused at once', () => {
  test.each([
    ['more than any has', Array.from({ length: 800_000 }, (_, i) => `k${i}: 1\n`).join('')],
    ['sections without end', '['.repeat(200_000)],
    ['sections in thousands of others', `space: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['aliases of aliases', `b0: &b0 [x, x]\n${Array.from({ length: 12 }, (_, n) => doubled(n)).join('')}`],
    ['thousands of unknown keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('')],
    ['a key as long as a book', `${'k'.repeat(200_000)}: 1`],
  ])('%s', (_, text) => {
    const started = performance.now()
    let refused: unknown
    try {
      read(`pipeline: dpc\n${text}`)
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({ code: 'invalid-config' })
    expect((refused as Error).message.length).toBeLessThan(5000)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

test('of many wrong keys the first are told, and how many more there are', () => {
  const keys = Array.from({ length: 30 }, (_, i) => `key${i}: 1\n`).join('')
  expect(() => read(TINY + keys)).toThrow(/unknown key key0.*unknown key key19.*; and 10 more$/)
})

test.each([
  ['a scheme', 'https://x/y'],
  ['a file', 'file:///tmp/store'],
  ['a slip of the pen', 's3:/bucket/x'],
  ['a file by another slip', 'file:/tmp/store'],
  ['a control character', '"a\\u0007"'],
])('a store that is %s is refused', (_, store) => {
  expect(() => read(TINY, `store=${store}`)).toThrow(/store: /)
})

test.each(['[0, 0]', '[0, -0]', '[1, 2, 1]', '[]', '[0.5]'])('seeds %s are refused', (seeds) => {
  expect(() => read(TINY, `rerank.seeds=${seeds}`)).toThrow(/rerank\.seeds/)
})

test.each(['[a, a]', '[""]', '["a\\u0000"]', '["  "]', '[]', '0', '256'])(
  'classes %s are refused',
  (classes) => {
    expect(() => read(TINY, `dataset={kind: folders, path: data, classes: ${classes}}`)).toThrow(
      /dataset\.classes/,
    )
  },
)

test.each([
  ['backbone.width', '1e300'],
  ['proxy.learningRate', '1e39'],
  ['rerank.learningRate', '1e-50'],
  ['proxy.momentum', '0.99999999'],
  ['proxy.weightDecay', '1e10'],
  ['proxy.crop', '[9007199254740991, 33]'],
  ['proxy.scale', '[1e-300, 1e300]'],
  ['proxy.batch', '9007199254740991'],
  ['compute.concurrency', '1000000000'],
  ['budget', '{ hours: 1e-300 }'],
  ['budget', '{ hours: .inf }'],
  ['budget', '{ hours: .nan }'],
  ['name', '"a b"'],
])('%s=%s is refused', (key, value) => {
  expect(() => read(TINY, `${key}=${value}`)).toThrow(new RegExp(`${key.replace('.', '\\.')}\\b`))
})

test('a batch that is no tensor is refused', () => {
  expect(() => read(TINY, 'proxy.crop=[4097, 4097]', 'proxy.batch=100')).toThrow(/proxy\.batch: .* numbers/)
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

test('a path may begin with the home folder, and paths in a dataset may be absolute', () => {
  const here = 'dataset: { kind: street, images: 4, validation: 2, height: 32, width: 64 }'
  const there =
    'dataset: { kind: folders, path: ~/data, classes: 2, train: { images: ~/data/i, labels: ../data/m } }'
  const { dataset, store } = read(TINY.replace(here, there), 'store=~/runs')
  expect(dataset).toMatchObject({ path: join(homedir(), 'data'), train: { images: 'i', labels: 'm' } })
  expect(store).toBe(join(homedir(), 'runs'))
})

test.each([
  ['folders', '{ kind: folders, path: data, classes: 2, limit: { test: 1 } }', 'name some as dataset.test'],
  ['Cityscapes', '{ kind: cityscapes, path: data, limit: { test: 1 } }', 'are not public'],
])('a limit of test images where none are named is refused: of %s', (_, dataset, fix) => {
  const refused = expect.objectContaining({
    code: 'invalid-config',
    message: expect.stringContaining('dataset.limit.test limits nothing'),
    fix: expect.stringContaining(fix),
  })
  expect(() => read(TINY, `dataset=${dataset}`)).toThrow(refused)
  const file = writeConfig(emptyFolder(), `dataset: ${dataset}`)
  expect(() => readDatasetSection(file, read(TINY))).toThrow(refused)
  expect(read(TINY, `dataset={ kind: voc, path: data, test: t, limit: { test: 1 } }`).dataset).toMatchObject({
    limit: { test: 1 },
  })
})

test('likewise of BDD100K, which has no test images to name', () => {
  const config = 'pipeline: auto-fpn\nstore: runs\ndataset: { kind: bdd100k, path: data, limit: { test: 1 } }'
  expect(() => read(config)).toThrow(
    expect.objectContaining({ fix: expect.stringContaining('are not public') }),
  )
})

describe('what is wrong is blamed on', () => {
  test.each([
    [
      'the override, where the file is right',
      TINY,
      ['seed=1', 'budget.trials=-1'],
      /^--set budget\.trials=-1: budget\.trials: /,
    ],
    [
      'the file, where that is wrong already',
      TINY.replace('trials: 4', 'trials: 0'),
      ['seed=1'],
      /search\.yaml: budget\.trials: /,
    ],
  ])('%s', (_, text, overrides, message) => {
    expect(() => read(text, ...overrides)).toThrow(message)
  })
})

test.each([
  ['budget.trials=1e20', /budget\.trials: /g],
  ['budget={}', /budget: /g],
])('%s is told once', (override, problem) => {
  let told = ''
  try {
    read(TINY, override)
  } catch (error) {
    told = (error as Error).message.replace(`--set ${override}: `, '')
  }
  expect(told.match(problem)).toHaveLength(1)
})

test.each([
  ['classes: ../classes.txt', 'dataset.classes'],
  ['classes: 2, train: { images: ../i, labels: m }', 'dataset.train.images'],
  ['classes: 2, test: { images: i, labels: m, list: ../l.txt }', 'dataset.test.list'],
])('a file outside of the dataset is named by its key: %s', (keys, key) => {
  expect(() => read(TINY, `dataset={ kind: folders, path: data, ${keys} }`)).toThrow(
    `${key}: this lies outside`,
  )
})
