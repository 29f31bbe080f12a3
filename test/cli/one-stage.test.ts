import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { expectPortable } from './portable.ts'
import { TINY_ONE_STAGE as TINY } from './tiny.ts'
import { type Ended, emptyFolder, trellis, writeConfig } from './trellis.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let folder: string
let ended: Ended
beforeAll(async () => {
  folder = emptyFolder(afterAll)
  ended = await trellis(folder, 'search', writeConfig(folder, TINY), '--run', 'a')
})

const readRun = (file: string) => JSON.parse(readFileSync(join(folder, 'trellis-store/runs/a', file), 'utf8'))

test('the neck of a one-stage detector is searched, and what is found is trained beside FPN’s', () => {
  const { status, stdout, stderr } = ended
  expect(stderr).not.toContain('trellis:')
  expect(status).toBe(0)
  // 8^16.
  expect(stdout).toMatch(/space +2\.8e\+14 necks, 8 channels, images of 64x64/)
  expect(stdout).toContain('Run a is finished: a neck of 1 layer found')
  const { contenders, winner } = readRun('comparison.json')
  expect(contenders.map(({ role }: { role: string }) => role)).toEqual(['found', 'fpn'])
  // SSD’s heads: of each anchor at the places of 4 levels 5 classes and 4 edges, for all alike.
  const heads = (4 + 6 + 4 + 4) * 9 * (9 * 8 + 1)
  expect(contenders.map(({ head }: { head: number }) => head)).toEqual([heads, heads])
  expect(winner.genotype.neck.levels).toBe(4)
  expect(winner.genotype.head).toBeUndefined()
  expect(existsSync(join(folder, 'trellis-store/runs/a/derived/head.json'))).toBe(false)
  const report = readFileSync(join(folder, 'trellis-store/runs/a/report.html'), 'utf8')
  expect(report).toContain('its head is SSD’s')
})

test('it is a model with suppression inside, scores as it did in its run, and everything of it is found again', async () => {
  const exported = await trellis(folder, 'export', 'a', '--onnx', 'out.onnx')
  expect(exported.stdout).toMatch(/^out.onnx: [\d.]+ % AP, trial [0-9a-f]{32}\n$/)
  expect(readFileSync(join(folder, 'out.onnx')).includes('NonMaxSuppression')).toBe(true)
  expectPortable(join(folder, 'out.onnx'))
  const evaluated = await trellis(folder, 'evaluate', 'a')
  expect(evaluated.status, evaluated.stderr).toBe(0)
  const estimated = await trellis(folder, 'estimate', writeConfig(folder, TINY))
  expect(estimated.stdout).toContain('Everything is in the store already')
  const verified = await trellis(folder, 'verify', 'a')
  expect(verified.stdout).toMatch(/, 0 missing or damaged\n/)
})
