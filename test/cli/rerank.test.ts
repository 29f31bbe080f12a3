import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TINY } from './tiny.ts'
import { emptyFolder, trellis, writeConfig, writePng } from './trellis.ts'

let folder: string
const data = (...path: string[]) => join(folder, 'data', ...path)
const inRun = (...path: string[]) => join(folder, 'trellis-store/runs/a', ...path)
const jsonOf = (...path: string[]) => JSON.parse(readFileSync(inRun(...path), 'utf8'))
const attempts = () =>
  readdirSync(inRun('ledger'))
    .map((file): string => jsonOf('ledger', file).job)
    .sort()

function addImage(split: 'train' | 'val', name: string, shade: number): void {
  writePng(data('images', split, `${name}.png`), [32, 48], 3, shade)
  writePng(data('annotations', split, `${name}.png`), [32, 48], 1, 0, 1, 2)
}

beforeAll(async () => {
  folder = emptyFolder(afterAll)
  for (const [i, name] of ['a', 'b', 'c'].entries()) addImage('train', name, 60 * i)
  addImage('val', 'd', 100)
  const config = TINY.replace(/dataset: .*/, 'dataset: { kind: folders, path: data, classes: 3 }')
  const { status, stderr } = await trellis(folder, 'search', writeConfig(folder, config), '--run', 'a')
  expect(status, stderr).toBe(0)
})

const rerank = () => trellis(folder, 'rerank', 'a')

test('a finished run whose data have not changed is not trained again', async () => {
  const [ledger, ranking] = [attempts(), jsonOf('rerank.json')]
  const { status, stdout } = await rerank()
  expect(stdout).toMatch(
    /^Trellis .*: run a in .*\n.*\nNothing is new for run a: its ranking stands\nRun a is finished/s,
  )
  expect(status).toBe(0)
  expect(attempts()).toEqual(ledger)
  expect(jsonOf('rerank.json')).toEqual(ranking)
})

test('an added image is looked at, and the best are trained on it: ranking, cost and report tell', async () => {
  const [ledger, first] = [attempts(), jsonOf('rerank.json')]
  addImage('train', 'later', 200)
  const { status, stdout, stderr } = await rerank()
  expect(status, stderr).toBe(0)
  expect(stdout).toMatch(/^Run a is ranked anew on 4 training images and 1 validation image\n/m)
  const second = jsonOf('rerank.json')
  expect(stdout).toMatch(/^ {2}before {2}[\d.]+ %\n {2}after {3}[\d.]+ %: .*model/m)
  expect(second.dataset).toMatchObject({ train: 4, validation: 1 })
  expect(jsonOf('rerank', first.edition, 'outcome.json')).toEqual(first)
  expect(attempts()).toEqual([...ledger, 'survey', 'train', 'train'].sort())
  const summary = jsonOf('summary.json')
  expect(summary).toMatchObject({ status: 'succeeded', winner: second.kept ?? second.winner })
  expect(summary.spent.attempts).toBe(attempts().length)
  expect(readFileSync(inRun('report.html'), 'utf8')).toContain('4 images for training')
  const { trial } = second.kept ?? second.winner
  expect(jsonOf('decoded/model.json')).toMatchObject({ run: 'a', trial })
  expect((await rerank()).stdout).toMatch(/^Nothing is new/m)
})

test('a bad image is named, and the ranking stays', async () => {
  const ranking = jsonOf('rerank.json')
  addImage('train', 'bad', 0)
  rmSync(data('annotations/train/bad.png'))
  const { status, stderr } = await rerank()
  expect(stderr).toContain('bad.png')
  expect(stderr).toContain('has no mask')
  expect(status).toBe(1)
  expect(jsonOf('rerank.json')).toEqual(ranking)
  expect(jsonOf('summary.json').status).toBe('succeeded')
})

test('a run whose search is not over is not re-ranked', async () => {
  rmSync(inRun('summary.json'))
  const { status, stderr } = await rerank()
  expect(stderr).toMatch(/^trellis: the search of run a is not over\n {2}fix: trellis resume a/)
  expect(status).toBe(2)
  expect(existsSync(inRun('summary.json'))).toBe(false)
})

test('a run of an earlier contract is reported and exported, and goes on in no way', async () => {
  // So are those recorded that do not say which contract they are of.
  const { contract: _, sha256: __, ...record } = jsonOf('config.json')
  writeFileSync(inRun('config.json'), JSON.stringify(record))
  for (const command of ['rerank', 'resume']) {
    const { status, stderr } = await trellis(folder, command, 'a')
    expect(stderr).toMatch(
      /^trellis: run a is of Trellis \S+ with contract 1; .+\n {2}fix: start a new run .+\n$/,
    )
    expect(status).toBe(2)
  }
  for (const command of [['report'], ['export', '--onnx', 'found.onnx']]) {
    const { status, stderr } = await trellis(folder, ...command, 'a')
    expect(status, stderr).toBe(0)
  }
})
