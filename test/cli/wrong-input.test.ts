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
