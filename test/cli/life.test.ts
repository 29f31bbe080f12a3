import type { ChildProcess } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../cli/config-file.ts'
import { startRun } from '../../cli/start-run.ts'
import { openStore } from '../../nas/store/open.ts'
import { expectPortable } from './portable.ts'
import { type Ended, emptyFolder, startTrellis, trellis, writeConfig, writePng } from './trellis.ts'

const FOUND = ['leaderboard.json', 'rerank.json', 'decoded/genotype.json', 'decoded/model.onnx']
const found = (folder: string, run: string) =>
  FOUND.map((file) => readFileSync(join(folder, 'trellis-store/runs', run, file), 'latin1'))

/** Long enough that a round is not over before it is interrupted. */
const SLOW = ['--set', 'proxy.steps=100']

/** A folder with a run `a` that nobody has interrupted. */
let whole: string
let ended: Ended
beforeAll(async () => {
  whole = emptyFolder(afterAll)
  ended = await trellis(whole, 'search', writeConfig(whole), '--run', 'a', ...SLOW)
})

/** Waits for something that a process does. */
async function until(child: ChildProcess, condition: () => boolean): Promise<void> {
  while (!condition()) {
    expect(child.exitCode, 'it ended before').toBeNull()
    await setTimeout(20)
  }
}

test('an interrupted run is resumed to the result of an unbroken one', async () => {
  const folder = emptyFolder()
  const config = writeConfig(folder)
  const run = join(folder, 'trellis-store/runs/a')

  const { child, ended } = startTrellis(folder, ['search', config, '--run', 'a', ...SLOW])
  await until(child, () => existsSync(join(run, 'sessions/0000.json')))
  const second = trellis(folder, 'resume', 'a')
  await until(child, () => existsSync(join(run, 'rounds/0000.jsonl')))
  const whileRunning = await trellis(folder, 'list')
  child.kill('SIGINT')
  const interrupted = await ended
  expect(interrupted.stderr).toMatch(/interrupted; continue with: trellis resume a\n$/)
  expect(interrupted.status).toBe(130)
  expect(existsSync(join(run, 'summary.json'))).toBe(false)
  expect(whileRunning.stdout).toMatch(/^a +dpc +running /m)
  expect((await second).stderr).toContain(`run a is being run by process ${child.pid}`)

  const early = await trellis(folder, 'export', 'a', '--onnx', 'model.onnx')
  expect(early.stderr).toContain('trellis resume a')
  const report = await trellis(folder, 'report', 'a')
  const page = readFileSync(report.stdout.trim(), 'utf8')
  expect(page).toMatch(
    /Interrupted at \d{4}-\d\d-\d\d \d\d:\d\d UTC, in the phase search, \d of 4 trials done/,
  )
  expect(page).toContain('<code>trellis resume a</code>')
  expect(page).not.toMatch(/still (running|going)/i)
  expect(JSON.parse((await trellis(folder, 'list', '--json')).stdout).runs).toMatchObject([
    { run: 'a', state: 'interrupted' },
  ])

  const resumed = await trellis(folder, 'resume', 'a')
  expect(resumed.stderr).not.toContain('trellis:')
  expect(resumed.status).toBe(0)
  expect(found(folder, 'a')).toEqual(found(whole, 'a'))
})

test('a finished run says what it found and where it is', () => {
  const { status, stdout } = ended
  expect(status).toBe(0)
  expect(stdout).toContain('Run a is finished: 4 cells tried, the budget of 4 trials is used up')
  for (const file of ['report', 'model']) {
    expect(existsSync(stdout.match(new RegExp(`${file} +(/.+)`))![1]!)).toBe(true)
  }
})

test('a finished run is not run again, and keeps its name', async () => {
  const attempts = () => readdirSync(join(whole, 'trellis-store/runs/a/ledger')).length
  const before = attempts()
  const again = await trellis(whole, 'resume', 'a')
  expect(again.stdout).toContain('Run a is finished')
  expect(attempts()).toBe(before)
  const taken = await trellis(whole, 'search', 'search.yaml', '--run', 'a')
  expect(taken).toMatchObject({ status: 2, stderr: expect.stringContaining('there is a run a in') })
})

test('what was trained in full is exported by its rank', async () => {
  const folder = emptyFolder()
  const exportAt = (rank: string, ...files: string[]) =>
    trellis(folder, 'export', 'a', '--store', join(whole, 'trellis-store'), '--rank', rank, ...files)
  const first = await exportAt('1', '--onnx', 'out/model.onnx', '--genotype', 'out/cell.json')
  expect(first.status).toBe(0)
  expect([
    readFileSync(join(folder, 'out/cell.json'), 'latin1'),
    readFileSync(join(folder, 'out/model.onnx'), 'latin1'),
  ]).toEqual(found(whole, 'a').slice(2))
  expectPortable(join(folder, 'out/model.onnx'))
  for (const rank of ['3', '0', 'first']) {
    const none = await exportAt(rank, '--onnx', 'none.onnx')
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('a number from 1 to 2') })
    expect(existsSync(join(folder, 'none.onnx'))).toBe(false)
  }
})

test('a run whose checkpoint is damaged trains anew from there, and ends as an unbroken one', async () => {
  const folder = emptyFolder()
  const { child, ended } = startTrellis(folder, ['search', writeConfig(folder), '--run', 'a', ...SLOW])
  const store = join(folder, 'trellis-store')
  const trials = () => (existsSync(join(store, 'trials')) ? readdirSync(join(store, 'trials')) : [])
  await until(child, () => trials().length === 2)
  child.kill('SIGINT')
  await ended
  const checkpoint = join(store, 'trials', trials()[0]!, 'checkpoint.safetensors')
  writeFileSync(checkpoint, 'half')
  const { status, stderr } = await trellis(folder, 'resume', 'a')
  expect(stderr).not.toContain('trellis:')
  expect(status).toBe(0)
  expect(found(folder, 'a')).toEqual(found(whole, 'a'))
})

test('a result or a round of which a bit was flipped stops a run that goes on, and is named', async () => {
  const folder = emptyFolder()
  cpSync(whole, folder, { recursive: true })
  const inStore = (...path: string[]) => join(folder, 'trellis-store', ...path)
  const flipped = (path: string) => {
    const bytes = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      bytes.replace(/(score":0\.\d*)(\d)/, (_, head, last) => `${head}${9 - last}`),
    )
  }
  const round = inStore('runs/a/rounds/0001.results.json')
  // What a resumed run reads again: the ranking, and for that the results of rounds.
  for (const file of ['leaderboard.json', 'rounds/0001.verdict.json']) rmSync(inStore('runs/a', file))
  flipped(round)
  const stopped = await trellis(folder, 'resume', 'a')
  expect(stopped.stderr).toContain(`${round} is not what was written there`)
  expect(stopped.status).not.toBe(0)
  rmSync(round)
  const trial = readdirSync(inStore('trials')).find((name) =>
    readFileSync(inStore('runs/a/rounds/0001.json'), 'utf8').includes(name),
  )!
  const result = inStore('trials', trial, 'result.json')
  flipped(result)
  const again = await trellis(folder, 'resume', 'a')
  expect(again.stderr).toContain(`${result} is not what was written there`)
  expect(again.status).not.toBe(0)
  rmSync(result)
  expect((await trellis(folder, 'resume', 'a')).status).toBe(0)
  expect(found(folder, 'a')).toEqual(found(whole, 'a'))
})

test('a run does not go on with other data than it began with', async () => {
  const folder = emptyFolder()
  for (const split of ['train', 'val']) {
    writePng(join(folder, 'data/images', split, 'a.png'), [32, 48], 3, 100)
    writePng(join(folder, 'data/annotations', split, 'a.png'), [32, 48], 1, 0, 1, 2)
  }
  const data = `dataset={kind: folders, path: ${join(folder, 'data')}, classes: 3}`
  const store = openStore(join(folder, 'trellis-store'))
  await startRun(store, 'a', readConfig(writeConfig(folder), [data]))
  writePng(join(folder, 'data/images/train/a.png'), [32, 48], 3, 101)
  const { status, stderr } = await trellis(folder, 'resume', 'a')
  expect(stderr).toMatch(/^trellis: the dataset .*\/data is not what it was when a started\n {2}fix: /)
  expect(status).toBe(2)
})

test('a finished run that has lost an object is resumed to the same one; without its record it says what to do', async () => {
  const folder = emptyFolder()
  cpSync(whole, folder, { recursive: true })
  const inRun = (file: string) => join(folder, 'trellis-store/runs/a', file)
  const before = found(folder, 'a')
  rmSync(inRun('rerank.json'))
  const { status, stdout, stderr } = await trellis(folder, 'resume', 'a')
  expect(status, stderr).toBe(0)
  expect(stdout).toMatch(/^Run a is finished/m)
  expect(found(folder, 'a')).toEqual(before)
  truncateSync(inRun('config.json'), 50)
  const refused = await trellis(folder, 'resume', 'a')
  expect(refused.stderr).toMatch(
    /^trellis: .*config.json is not what was written there\n {2}fix: put back what was there/,
  )
  expect(refused.status).toBe(2)
})
