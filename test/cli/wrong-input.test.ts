import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TINY, TINY_DENSENAS } from './tiny.ts'
import { emptyFolder, trellis, writeConfig } from './trellis.ts'

test.each([
  ['weights', TINY, 'backbone={weights: none.safetensors}', 'none.safetensors'],
  ['a table of latencies', TINY_DENSENAS, 'search.cost={kind: latency, table: none.json}', 'none.json'],
])('an estimate tells that a search would not start without %s', async (_, config, set, file) => {
  const folder = emptyFolder()
  const ran = await trellis(folder, 'estimate', writeConfig(folder, config), '--set', set)
  expect(ran.status).toBe(0)
  expect(ran.stdout).toContain('total')
  const [what, fix] = ran.stderr.trimEnd().split('\n')
  expect(what).toMatch(/^A search would not start: cannot read .*: ENOENT$/)
  expect(what).toContain(file)
  expect(fix).toMatch(/^ {2}fix: correct /)
})

test('nor on an engine that is not installed, and none does', async () => {
  const folder = emptyFolder()
  const args = [writeConfig(folder), '--set', 'compute.engine=tensorflow']
  const missing = 'engine tensorflow: @tensorflow/tfjs-node-gpu is not installed here\n  fix: '
  const told = await trellis(folder, 'estimate', ...args)
  expect(told.stderr).toContain(`A search would not start: ${missing}`)
  const { status, stderr } = await trellis(folder, 'search', ...args)
  expect(stderr).toMatch(new RegExp(`^trellis: ${missing}`))
  expect(status).toBe(2)
  expect(existsSync(join(folder, 'trellis-store'))).toBe(false)
})
