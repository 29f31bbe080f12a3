import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import {
  costJson,
  estimateJson,
  exportJson,
  listJson,
  reportJson,
  summaryJson,
  verifyJson,
} from '../../cli/json.ts'
import { jsonDocs } from '../../scripts/json-docs.ts'
import { type Ended, emptyFolder, trellis, writeConfig } from './trellis.ts'

let folder: string
let searched: Ended
beforeAll(async () => {
  folder = emptyFolder(afterAll)
  searched = await trellis(folder, 'search', writeConfig(folder), '--run', 'a', '--json')
})

test('docs/json.md is what the schemas say', () => {
  expect(readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')).toBe(jsonDocs())
})

test('a search prints how it ended, and its plan beside that', () => {
  const summary = summaryJson.parse(JSON.parse(searched.stdout))
  expect(summary).toMatchObject({ run: 'a', pipeline: 'dpc', status: 'succeeded' })
  expect(readFileSync(join(folder, 'trellis-store/runs/a/report.html'), 'utf8')).toBe(
    readFileSync(summary.report, 'utf8'),
  )
  expect(searched.stderr).toContain('run a in')
})

describe('each command prints one object of its shape', () => {
  const shapes: readonly (readonly [command: string, shape: z.ZodType, args: readonly string[]])[] = [
    ['list', listJson, []],
    ['resume', summaryJson, ['latest']],
    ['rerank', summaryJson, ['a']],
    ['report', reportJson, ['a']],
    ['cost', costJson, ['a']],
    ['verify', verifyJson, ['a']],
    ['export', exportJson, ['a', '--onnx', 'found.onnx']],
    ['estimate', estimateJson, ['search.yaml']],
  ]
  test.each(shapes)('%s', async (command, shape, args) => {
    const { status, stdout, stderr } = await trellis(folder, command, ...args, '--json')
    expect(status, stderr).toBe(0)
    expect(shape.safeParse(JSON.parse(stdout)).error).toBeUndefined()
  })
})

test('the list shows each run, the latest first, and hides none behind a damaged one', async () => {
  const config = join(folder, 'trellis-store/runs/a/config.json')
  const sound = await trellis(folder, 'list')
  expect(sound.stdout).toMatch(/^run +pipeline +state +trials +best +cost +started\na +dpc +succeeded +4 /)
  const before = readFileSync(config)
  writeFileSync(config, '{}')
  const damaged = await trellis(folder, 'list')
  expect(damaged).toMatchObject({ status: 0, stdout: expect.stringMatching(/^a +– +damaged /m) })
  writeFileSync(config, before)
  expect((await trellis(emptyFolder(), 'list')).stdout).toMatch(/^no run in .*trellis-store\n$/)
  const { status, stderr } = await trellis(folder, 'list', '--store', 'none')
  expect(stderr).toMatch(/^trellis: there is no folder .*none\n {2}fix: /)
  expect(status).toBe(2)
})

test('a command that fails prints no object', async () => {
  const { status, stdout, stderr } = await trellis(folder, 'report', 'nope', '--json')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^trellis: there is no run nope/)
})
