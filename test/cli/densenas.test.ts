import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectPortable } from './portable.ts'
import { TINY_DENSENAS as TINY } from './tiny.ts'
import { type Ended, emptyFolder, killEach, trellis, writeConfig } from './trellis.ts'

const storeIn = (folder: string) => join(folder, 'trellis-store')
const runIn = (folder: string) => join(storeIn(folder), 'runs/a')

/** All that a run has found, by file. */
function found(folder: string): Readonly<Record<string, string>> {
  const read = (path: string) => readFileSync(path, 'latin1')
  const { trial } = JSON.parse(read(join(runIn(folder), 'derived.json'))) as { trial: string }
  const decoded = readdirSync(join(runIn(folder), 'decoded')).map((file) => `decoded/${file}`)
  const files = ['derived.json', 'rivals/candidates.json', 'comparison.json', ...decoded]
  const ofSupernet = ['architecture.json', 'history.json', 'result.json']
  return Object.fromEntries([
    ...files.map((file) => [file, read(join(runIn(folder), file))]),
    ...ofSupernet.map((file) => [file, read(join(storeIn(folder), 'trials', trial, file))]),
  ])
}

/** A folder with a run `a` that nobody has interrupted. */
let whole: string
let ended: Ended
beforeAll(async () => {
  whole = emptyFolder(afterAll)
  ended = await trellis(whole, 'search', writeConfig(whole, TINY), '--run', 'a')
})

describe('a search with DenseNAS', () => {
  test('says what it is about to do, what it found, and where that is', () => {
    const { status, stdout, stderr } = ended
    expect(stderr).not.toContain('trellis:')
    expect(status).toBe(0)
    expect(stdout).toContain('shapes: 60 training and 20 validation images, 10 classes')
    expect(stdout).toMatch(/Run a is finished: a network of \d blocks? and \d layers? found/)
    expect(stdout).toMatch(/score +[\d.]+ % top-1, [\d.]+ % top-5, .* to a random path/)
    expect(stdout).toMatch(
      /latency +[\d.]+ ms for \d+ images, random paths [\d.]+ ms, measured on .+, \d{4}-\d\d-\d\d \d\d:\d\d UTC, each operation within \d+ %/,
    )
    for (const file of ['report', 'model'])
      expect(existsSync(stdout.match(new RegExp(`${file} +(/.+)`))![1]!)).toBe(true)
  })

  test('leaves a network that can be exported, counted, and taken to the released code', async () => {
    const exported = await trellis(whole, 'export', 'a', '--onnx', 'out.onnx', '--genotype', 'out.json')
    expect(exported.stdout).toMatch(/^out.onnx, out.json: [\d.]+ % top-1, trial [0-9a-f]{32}\n$/)
    expectPortable(join(whole, 'out.onnx'))
    const cost = JSON.parse(found(whole)['decoded/cost.json']!) as { multiplyAdds: number }
    const count = async (file: string) =>
      JSON.parse((await trellis(whole, 'count', file, '--input', '3x16x16', '--json')).stdout)
    const ofGenotype = await count('out.json')
    expect(await count(join(runIn(whole), 'decoded/net-config.txt'))).toEqual(ofGenotype)
    // Counted for ImageNet's 1000 classes; the run has 10.
    expect(ofGenotype.multiplyAdds - cost.multiplyAdds).toBe(16 * (1000 - 10))
  })

  test('is all there for an estimate of the same, and its supernet for one of another comparison', async () => {
    const config = writeConfig(whole, TINY)
    const estimate = async (...set: readonly string[]) =>
      (await trellis(whole, 'estimate', config, ...set)).stdout
    expect(await estimate()).toContain('Everything is in the store already')
    expect(await estimate('--set', 'retrain.epochs=3')).toContain('left out: latencies, supernet.')
  })

  test('measures anew where that is asked for, and leaves what was measured to the others', async () => {
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const latencies = join(storeIn(folder), 'latencies')
    const before = readdirSync(latencies)
    const args = ['search', writeConfig(folder, TINY), '--run', 'b', '--remeasure']
    const { status, stdout, stderr } = await trellis(folder, ...args, '--set', 'search.epochs=3')
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/latency in the loss, measurement \d{10}/)
    expect(readdirSync(latencies)).toHaveLength(2)
    expect(readdirSync(latencies)).toEqual(expect.arrayContaining(before))
  })

  test('finds the same, byte for byte, killed again and again and resumed', async () => {
    const folder = emptyFolder()
    // Measured again, latencies would differ.
    cpSync(join(storeIn(whole), 'latencies'), join(storeIn(folder), 'latencies'), { recursive: true })
    const config = writeConfig(folder, TINY)
    await killEach(folder, [
      { args: ['search', config, '--run', 'a'], after: join(runIn(folder), 'starts') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'rivals/shards.jsonl') },
    ])
    const resumed = await trellis(folder, 'resume', 'a')
    expect(resumed.stderr).not.toContain('trellis:')
    expect(resumed.status).toBe(0)
    expect(found(folder)).toEqual(found(whole))
  })
})

describe('what a search with DenseNAS refers to', () => {
  test('is sound, and made again where it is damaged or gone', async () => {
    const verified = await trellis(whole, 'verify', 'a')
    expect(verified.stdout).toMatch(/, 0 missing or damaged\n/)
    expect(verified.status).toBe(0)
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const { trial } = JSON.parse(readFileSync(join(runIn(folder), 'derived.json'), 'utf8'))
    const of = (file: string) => join(storeIn(folder), 'trials', trial, file)
    writeFileSync(of('architecture.json'), readFileSync(of('architecture.json')).fill(0x20, 100, 110))
    const lost = await trellis(folder, 'verify', 'a')
    expect(lost.stdout).toMatch(
      /architecture\.json is not .*\n {2}fix: resume the run: the trial is trained again/,
    )
    expect(lost.status).toBe(1)
    for (const file of ['rivals/candidates.json', 'comparison.json', 'derived.json'])
      rmSync(join(runIn(folder), file))
    const { status, stderr } = await trellis(folder, 'resume', 'a')
    expect(status, stderr).toBe(0)
    expect(found(folder)).toEqual(found(whole))
  })

  test.each([
    ['damaged', (table: string) => writeFileSync(table, readFileSync(table).fill(0x20, 100, 110))],
    ['gone', (table: string) => rmSync(table)],
  ])('is measured again, also after the search, where latencies are %s', async (_, harm) => {
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const latencies = join(storeIn(folder), 'latencies')
    const table = join(latencies, readdirSync(latencies)[0]!, 'table.json')
    harm(table)
    rmSync(join(runIn(folder), 'comparison.json'))
    const { status, stderr } = await trellis(folder, 'resume', 'a')
    expect(status, stderr).toBe(0)
    expect(JSON.parse(readFileSync(table, 'utf8'))).toMatchObject({ unit: 'ms' })
    expect((await trellis(folder, 'verify', 'a')).status).toBe(0)
  })
})

describe('before anything is written', () => {
  test('to measure anew is refused where nothing is measured', async () => {
    const folder = emptyFolder()
    const set = ['--set', 'search.cost.kind=multiply-adds']
    const ran = await trellis(folder, 'search', writeConfig(folder, TINY), '--remeasure', ...set)
    expect(ran.stderr).toMatch(/^trellis: --remeasure: this search measures nothing\n {2}fix: leave it out/)
    expect(ran.status).toBe(2)
  })

  const refused = async (...overrides: string[]) => {
    const folder = emptyFolder()
    const sets = overrides.flatMap((each) => ['--set', each])
    const { status, stderr } = await trellis(folder, 'search', writeConfig(folder, TINY), ...sets)
    expect(status).toBe(2)
    expect(existsSync(join(storeIn(folder), 'runs'))).toBe(false)
    return stderr
  }

  test('a budget that does not cover the schedule is refused with what it would cover', async () => {
    expect(await refused('search.epochs=100000', 'budget.hours=0.1')).toMatch(
      /^trellis: the run would take about [\d a-z]+ by the clock, and 6 min 0 s by the clock are allowed \(budget.hours: 0.1\)\n {2}fix: .*--set search.epochs=\d+\n$/,
    )
  })

  test('a table of latencies of another space is refused with what does not fit', async () => {
    expect(await refused('search.cost.table=none.json')).toMatch(/cannot read .*none\.json: ENOENT/)
    expect(await refused('search.cost.table=search.yaml')).toContain('search.yaml is no JSON')
  })
})
