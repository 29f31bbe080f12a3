import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { roundResultsSchema } from '../../nas/pipelines/dpc/leaderboard.ts'
import { readRun } from '../../nas/pipelines/run.ts'
import { type Verified, verifyRun } from '../../nas/pipelines/verify.ts'
import { putRunFailure } from '../../nas/runs/result.ts'
import { folderStore } from '../../nas/store/folder.ts'
import { getJson } from '../../nas/store/json.ts'
import { emptyFolder, trellis, writeConfig } from './trellis.ts'

// Seconds on a computer of one's own, minutes where many others compute.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const FOUND = [
  ...['leaderboard.json', 'rerank.json', 'decoded/genotype.json', 'decoded/model.onnx'],
  ...['rounds/0000.json', 'rounds/0000.results.json', 'rounds/0000.verdict.json', 'rounds/0001.verdict.json'],
]
const storeIn = (folder: string) => join(folder, 'trellis-store')
const found = (folder: string) =>
  FOUND.map((file) => readFileSync(join(storeIn(folder), 'runs/a', file), 'latin1'))

async function verified(folder: string): Promise<Verified> {
  const store = folderStore(storeIn(folder))
  return verifyRun(store, await readRun(store, 'a'))
}

/** A folder with a run `a` that is over. */
let whole: string
beforeAll(async () => {
  whole = emptyFolder(afterAll)
  const { status, stderr } = await trellis(whole, 'search', writeConfig(whole), '--run', 'a')
  expect(status, stderr).toBe(0)
})

/** The first object of a kind. */
async function keyOf(folder: string, kind: RegExp): Promise<string> {
  for await (const key of folderStore(storeIn(folder)).list('')) if (kind.test(key)) return key
  throw new Error(`there is no ${kind}`)
}

/** Flips a bit in the middle of an object. */
function flip(folder: string, key: string): void {
  const path = join(storeIn(folder), key)
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(path, bytes)
}

/** Does what a remedy says, in the words in which it says so. */
async function mend(folder: string, key: string, remedy: string): Promise<void> {
  const named = /^delete (\/\S+), then/.exec(remedy)?.[1]
  if (named !== undefined) rmSync(named)
  if (remedy.startsWith('delete that object')) rmSync(join(storeIn(folder), key))
  if (/resume the run/.test(remedy)) {
    const { status, stderr } = await trellis(folder, 'resume', 'a')
    expect(status, stderr).toBe(0)
  }
}

test('a run is told to be sound, by the kinds of its objects', async () => {
  const { status, stdout } = await trellis(whole, 'verify', 'a')
  expect(stdout).toMatch(/^Run a: \d+ sound objects, 0 missing or damaged\n/)
  expect(stdout).toMatch(/^ {2}trials\/\*\/model\.onnx +2$/m)
  expect(status).toBe(0)
  const json = await trellis(whole, 'verify', 'a', '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ run: 'a', sound: { 'trials/*/spec.json': 6 }, lost: [] })
})

const KINDS = [
  /^runs\/a\/datasets\//,
  /^runs\/a\/rounds\/0000\.json$/,
  /^runs\/a\/rounds\/0000\.results\.json$/,
  /^runs\/a\/rounds\/0000\.verdict\.json$/,
  /^runs\/a\/rounds\/0001\.verdict\.json$/,
  /^runs\/a\/leaderboard\.json$/,
  /^runs\/a\/rerank\/candidates\.json$/,
  /^runs\/a\/rerank\/\w+\/candidates\.json$/,
  /^runs\/a\/rerank\/\w+\/outcome\.json$/,
  /^runs\/a\/rerank\.json$/,
  /^runs\/a\/decoded\/model\.onnx$/,
  /^runs\/a\/summary\.json$/,
  /^trials\/\w+\/spec\.json$/,
  /^trials\/\w+\/result\.json$/,
  /^trials\/\w+\/model\.onnx$/,
  /^trials\/\w+\/weights\.safetensors$/,
]

describe('an object of a finished run', () => {
  test.each(KINDS)('that is damaged is made again by doing what is said: %s', async (kind) => {
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const key = await keyOf(folder, kind)
    flip(folder, key)
    const [loss, ...others] = (await verified(folder)).lost
    expect(others).toEqual([])
    expect(loss).toMatchObject({ key })
    await mend(folder, key, loss!.remedy)
    expect((await verified(folder)).lost).toEqual([])
    expect(found(folder)).toEqual(found(whole))
  })

  test('that is missing is made again by doing what is said', async () => {
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const keys = await Promise.all(KINDS.slice(1, 14).map((kind) => keyOf(folder, kind)))
    for (const key of keys) rmSync(join(storeIn(folder), key))
    const { status, stderr } = await trellis(folder, 'resume', 'a')
    expect(status, stderr).toBe(0)
    expect((await verified(folder)).lost).toEqual([])
    expect(found(folder)).toEqual(found(whole))
  })
})

test('a trial that has failed in a run alone is not missing there, and resume takes it as it is', async () => {
  const folder = emptyFolder()
  cpSync(whole, folder, { recursive: true })
  const store = folderStore(storeIn(folder))
  const results = await getJson(store, 'runs/a/rounds/0000.results.json', roundResultsSchema)
  const { trial } = results!.tried[0]!
  rmSync(join(storeIn(folder), `trials/${trial}/result.json`))
  expect((await verified(folder)).lost.map(({ key }) => key)).toEqual([`trials/${trial}/result.json`])
  await putRunFailure(store, 'a', trial, 'killed its job 3 times without progress')
  expect((await verified(folder)).lost).toEqual([])
  const { status } = await trellis(folder, 'resume', 'a')
  expect(status).toBe(0)
  expect(existsSync(join(storeIn(folder), `trials/${trial}/result.json`))).toBe(false)
})

test('what only a search reads, and what is lost for good, say so', async () => {
  const folder = emptyFolder()
  cpSync(whole, folder, { recursive: true })
  const keys = await Promise.all(
    [/^features\/.*\.safetensors$/, /^backbones\/.*weights/, /predictions/].map((kind) =>
      keyOf(folder, kind),
    ),
  )
  for (const key of keys) flip(folder, key)
  const { lost } = await verified(folder)
  expect(lost.map(({ key }) => key).sort()).toEqual(keys.sort())
  for (const { key, remedy } of lost)
    expect(remedy).toMatch(
      key.endsWith('.png') ? /^delete that object/ : /^resume .* if the run still needs it$/,
    )
  flip(folder, 'runs/a/config.json')
  const { status, stdout } = await trellis(folder, 'verify', 'a')
  expect(stdout).toContain('runs/a/config.json is not what was written there\n  fix: put back what was there')
  expect(status).toBe(1)
})

test('a store of an older version, without checksums, is sound, reported, exported and gone on with', async () => {
  const folder = emptyFolder()
  cpSync(whole, folder, { recursive: true })
  const wrappers = { tried: /results\.json$/, files: /datasets\/\w+\.json$/, entries: /\/ledger\.json$/ }
  for await (const key of folderStore(storeIn(folder)).list('')) {
    if (!key.endsWith('.json') || key.includes('/decoded/')) continue
    const path = join(storeIn(folder), key)
    const { sha256, ...object } = JSON.parse(readFileSync(path, 'utf8'))
    expect(sha256, key).toMatch(/^[0-9a-f]{64}$/)
    const [wrapper] = Object.entries(wrappers).find(([, pattern]) => pattern.test(key)) ?? []
    writeFileSync(path, JSON.stringify(wrapper === undefined ? object : object[wrapper]))
  }
  expect((await verified(folder)).lost).toEqual([])
  const handedOn = [
    ['report', 'a'],
    ['export', 'a', '--onnx', 'out.onnx'],
    ['resume', 'a'],
  ]
  for (const args of handedOn) expect(await trellis(folder, ...args)).toMatchObject({ status: 0, stderr: '' })
  rmSync(join(storeIn(folder), 'runs/a/leaderboard.json'))
  const { status, stderr } = await trellis(folder, 'resume', 'a')
  expect(status, stderr).toBe(0)
  expect(found(folder).slice(0, 4)).toEqual(found(whole).slice(0, 4))
})

describe('what is handed on is sound', () => {
  test('a model that was cut, or of which a bit was flipped, is not exported', async () => {
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const exported = () => trellis(folder, 'export', 'a', '--onnx', 'out.onnx')
    expect((await exported()).status).toBe(0)
    rmSync(join(folder, 'out.onnx'))
    const ranking = JSON.parse(readFileSync(join(storeIn(folder), 'runs/a/rerank.json'), 'utf8'))
    const key = `trials/${ranking.winner.trial}/model.onnx`
    const path = join(storeIn(folder), key)
    const bytes = readFileSync(path)
    for (const damage of [() => writeFileSync(path, bytes.subarray(0, 5000)), () => flip(folder, key)]) {
      writeFileSync(path, bytes)
      damage()
      const { status, stderr } = await exported()
      expect(stderr).toMatch(
        /^trellis: \S+\/model\.onnx .*\n {2}fix: resume the run: the trial is trained again/,
      )
      expect(status).not.toBe(0)
      expect(existsSync(join(folder, 'out.onnx'))).toBe(false)
    }
  })

  test('a picture that is damaged is not drawn in the report', async () => {
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const ranking = JSON.parse(readFileSync(join(storeIn(folder), 'runs/a/rerank.json'), 'utf8'))
    const key = `trials/${ranking.winner.trial}/predictions/0.png`
    flip(folder, key)
    const refused = await trellis(folder, 'report', 'a')
    expect(refused.stderr).toMatch(/0\.png is not what was written there\n {2}fix: delete that object/)
    rmSync(join(storeIn(folder), key))
    expect((await trellis(folder, 'report', 'a')).status).toBe(0)
  })
})
