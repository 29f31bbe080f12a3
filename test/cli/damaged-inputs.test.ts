import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from '../../nas/store/safetensors.ts'
import { TINY } from './tiny.ts'
import { emptyFolder, trellis, writeConfig } from './trellis.ts'

// Seconds on a computer of one's own, minutes where many others compute.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const FOUND = ['leaderboard.json', 'rerank.json', 'decoded/genotype.json', 'decoded/model.onnx']
const inStore = (folder: string, ...path: string[]) => join(folder, 'trellis-store', ...path)
const found = (folder: string) => FOUND.map((file) => readFileSync(inStore(folder, 'runs/a', file), 'latin1'))

/** The only folder in another one of the store. */
const only = (folder: string, parent: string) =>
  inStore(folder, parent, readdirSync(inStore(folder, parent))[0]!)

function zero(path: string): void {
  const bytes = readFileSync(path)
  const middle = bytes.length >> 1
  writeFileSync(path, bytes.fill(0, middle, Math.min(bytes.length, middle + 2048)))
}

/** Makes of a finished run one that was interrupted in its last round. */
function interrupt(folder: string): void {
  const run = inStore(folder, 'runs/a')
  const round = readFileSync(join(run, 'rounds/0001.json'), 'utf8')
  for (const path of ['summary.json', 'report.html', 'decoded', 'rerank', 'rerank.json', 'leaderboard.json'])
    rmSync(join(run, path), { recursive: true })
  for (const file of ['0001.results.json', '0001.verdict.json']) rmSync(join(run, 'rounds', file))
  const trials = readdirSync(inStore(folder, 'trials'))
  for (const trial of trials)
    if (round.includes(trial) || existsSync(inStore(folder, 'trials', trial, 'model.onnx')))
      rmSync(inStore(folder, 'trials', trial), { recursive: true })
}

/** Resumes a run as often as it says that this makes again what is damaged. */
async function resumed(folder: string): Promise<readonly string[]> {
  const causes: string[] = []
  for (let i = 0; i < 4; i++) {
    const { status, stderr } = await trellis(folder, 'resume', 'a')
    if (status === 0) return causes
    causes.push(stderr)
  }
  throw new Error(causes.join('\n'))
}

describe('features and a backbone that the search has trained', () => {
  let whole: string
  beforeAll(async () => {
    whole = emptyFolder(afterAll)
    const { status, stderr } = await trellis(whole, 'search', writeConfig(whole), '--run', 'a')
    expect(status, stderr).toBe(0)
  })

  test.each([
    [
      '2 KB of zeros in a shard',
      (folder: string) => zero(join(only(folder, 'features'), '0000.safetensors')),
    ],
    ['a shard that is gone', (folder: string) => rmSync(join(only(folder, 'features'), '0001.safetensors'))],
    ['a damaged manifest', (folder: string) => zero(join(only(folder, 'features'), 'manifest.json'))],
    [
      'a backbone that is gone',
      (folder: string) => rmSync(join(only(folder, 'backbones'), 'weights.safetensors')),
    ],
  ])('change nothing that is found: %s', async (_, damage) => {
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    interrupt(folder)
    damage(folder)
    for (const cause of await resumed(folder))
      expect(cause).toMatch(/resume the run: (it is|the features are) /)
    expect(found(folder)).toEqual(found(whole))
    expect((await trellis(folder, 'verify', 'a')).status).toBe(0)
  })
})

test('a backbone of a user that is damaged is copied again from the same file, and from no other', async () => {
  const trained = emptyFolder()
  const pretrained = TINY.replace('budget: { trials: 4 }', 'budget: { trials: 2 }')
  await trellis(trained, 'search', writeConfig(trained, pretrained), '--run', 'a')
  const { tensors } = decodeSafetensors(
    readFileSync(join(only(trained, 'backbones'), 'weights.safetensors')),
    'w',
  )
  const whole = emptyFolder()
  const file = join(whole, 'w.safetensors')
  writeFileSync(file, encodeSafetensors(tensors))
  const config = pretrained.replace(/backbone: .*/, 'backbone: { width: 0.1, weights: w.safetensors }')
  const { status, stderr } = await trellis(whole, 'search', writeConfig(whole, config), '--run', 'a')
  expect(status, stderr).toBe(0)
  const before = found(whole)
  for (const path of ['summary.json', 'rerank.json', 'rerank', 'decoded'])
    rmSync(inStore(whole, 'runs/a', path), { recursive: true })
  for (const trial of readdirSync(inStore(whole, 'trials')))
    if (existsSync(inStore(whole, 'trials', trial, 'model.onnx')))
      rmSync(inStore(whole, 'trials', trial), { recursive: true })
  zero(join(only(whole, 'backbones'), 'weights.safetensors'))
  const [cause] = await resumed(whole)
  expect(cause).toMatch(/w(eights)?\.safetensors .*\(resume the run: it is/)
  expect(found(whole)).toEqual(before)

  rmSync(inStore(whole, 'runs/a/rerank.json'))
  rmSync(join(only(whole, 'backbones'), 'manifest.json'))
  writeFileSync(file, encodeSafetensors(tensors, { another: 'file' }))
  const other = await trellis(whole, 'resume', 'a')
  expect(other.stderr).toMatch(/is not what it was when a started\n {2}fix: put the file back/)
})
