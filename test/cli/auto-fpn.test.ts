import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { expectPortable } from './portable.ts'
import { TINY_AUTO_FPN } from './tiny.ts'
import { type Ended, emptyFolder, killEach, startTrellis, trellis, writeConfig } from './trellis.ts'

// Seconds on a computer of one's own, minutes where many others compute.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const EVOLUTION = '{ population: 2, tournament: 2, evaluations: 3, perRound: 2, steps: 1 }'
const TINY = TINY_AUTO_FPN.replace('random: 1 }', `random: 1, evolution: ${EVOLUTION} }`)

const storeIn = (folder: string) => join(folder, 'trellis-store')
const runIn = (folder: string) => join(storeIn(folder), 'runs/a')

/** The trial that has found a module. */
function searchOf(folder: string, module: string): string {
  const derived = JSON.parse(readFileSync(join(runIn(folder), 'derived', `${module}.json`), 'utf8'))
  return (derived as { found: readonly { trial: string }[] }).found[0]!.trial
}

/** All that a run has found, by file. */
function found(folder: string): Readonly<Record<string, string>> {
  const read = (path: string) => readFileSync(path, 'latin1')
  const decoded = readdirSync(join(runIn(folder), 'decoded')).map((file) => `decoded/${file}`)
  const files = ['derived/neck.json', 'derived/head.json', 'comparison/candidates.json', 'comparison.json']
  const rounds = ['0000', '0001'].flatMap((round) =>
    ['json', 'results.json', 'verdict.json'].map((end) => `evolution/${round}.${end}`),
  )
  const ofSearches = ['neck', 'head'].flatMap((module) =>
    ['genotype.json', 'history.json', 'weights.safetensors', 'result.json'].map(
      (file) =>
        [`${module}/${file}`, join(storeIn(folder), 'trials', searchOf(folder, module), file)] as const,
    ),
  )
  return Object.fromEntries([
    ...[...files, ...rounds, ...decoded].map((file) => [file, read(join(runIn(folder), file))]),
    ...ofSearches.map(([name, path]) => [name, read(path)]),
  ])
}

/** A folder with a run `a` that nobody has interrupted. */
let whole: string
let ended: Ended
beforeAll(async () => {
  whole = emptyFolder(afterAll)
  ended = await trellis(whole, 'search', writeConfig(whole, TINY), '--run', 'a')
})

describe('a search with Auto-FPN', () => {
  test('says what it is about to do, what it found, and where that is', () => {
    const { status, stdout, stderr } = ended
    expect(stderr).not.toContain('trellis:')
    expect(status).toBe(0)
    expect(stdout).toContain('street: 6 training and 2 validation images, 4 classes')
    // 8^16 and 8^14.
    expect(stdout).toMatch(/space +2\.8e\+14 necks, 4\.4e\+12 heads, 8 channels, images of 64x64/)
    expect(stdout).toMatch(/evolution +3 detectors, 1 step each, in a population of 2/)
    expect(stdout).toMatch(/search +3 steps a module, from 1 on of the architecture too/)
    expect(stdout).toMatch(/compare +what is found, FPN, evolution's, and 1 random detector, 2 steps each/)
    expect(stdout).toContain('Run a is finished: a neck of 1 layer and a head of 1 cell found')
    expect(stdout).toMatch(
      /score +[\d.]+ % AP, [\d.]+ % AP50, \S+ to FPN, \S+ to a random detector, \S+ to evolution/,
    )
    expect(stdout).toMatch(/neck and head \S+ parameters, FPN's \S+ \(\d+ % (fewer|more)\)/)
    expect(stdout).toMatch(
      /evolution +3 detectors, the best [\d.]+ % AP after its early stop, all detectors are trained, [^,]+ of machine time against/,
    )
    for (const file of ['report', 'model'])
      expect(existsSync(stdout.match(new RegExp(`${file} +(/.+)`))![1]!)).toBe(true)
  })

  test('leaves a detector that can be exported and counted, for images of its own size', async () => {
    const exported = await trellis(whole, 'export', 'a', '--onnx', 'out.onnx', '--genotype', 'out.json')
    expect(exported.stdout).toMatch(/^out.onnx, out.json: [\d.]+ % AP, trial [0-9a-f]{32}\n$/)
    expectPortable(join(whole, 'out.onnx'))
    const counted = await trellis(whole, 'count', 'out.json', '--input', '3x64x64', '--json')
    expect(Object.keys(JSON.parse(counted.stdout).scopes)).toEqual(['backbone', 'neck', 'rpn', 'head'])
    const other = await trellis(whole, 'export', 'a', '--onnx', 'other.onnx', '--input', '96x96')
    expect(other.stderr).toMatch(/the model of a detector takes images of 64x64\n {2}fix: leave out --input/)
    expect(other.status).toBe(2)
  })

  test('is all there for an estimate of the same, and what was searched for one of another comparison', async () => {
    const config = writeConfig(whole, TINY)
    const estimate = async (...set: readonly string[]) =>
      (await trellis(whole, 'estimate', config, ...set)).stdout
    expect(await estimate()).toContain('Everything is in the store already')
    expect(await estimate('--set', 'retrain.steps=3')).toContain(
      'left out: backbone, features, neck, head, evolution.',
    )
    expect(await estimate('--set', 'search.steps=4')).toContain('left out: backbone, features, evolution.')
    expect(await estimate('--set', 'search.pretrainedNeck=false')).toContain('features, neck, evolution.')
    expect(await estimate('--set', 'baselines.evolution.evaluations=4')).toContain('neck, head.')
  })

  test('finds the same, byte for byte, killed again and again and resumed', async () => {
    const folder = emptyFolder()
    const config = writeConfig(folder, TINY)
    await killEach(folder, [
      { args: ['search', config, '--run', 'a'], after: join(runIn(folder), 'starts') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'supernets/head.jsonl') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'evolution/0001.jsonl') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'comparison/shards.jsonl') },
    ])
    const resumed = await trellis(folder, 'resume', 'a')
    expect(resumed.stderr).not.toContain('trellis:')
    expect(resumed.status).toBe(0)
    expect(found(folder)).toEqual(found(whole))
  })
})

describe('what a search with Auto-FPN refers to', () => {
  test('is sound, and a neck whose weights are damaged is searched again for its head', async () => {
    const verified = await trellis(whole, 'verify', 'a')
    expect(verified.stdout).toMatch(/, 0 missing or damaged\n/)
    expect(verified.status).toBe(0)
    const folder = emptyFolder()
    cpSync(whole, folder, { recursive: true })
    const of = (module: string, file: string) =>
      join(storeIn(folder), 'trials', searchOf(folder, module), file)
    const weights = of('neck', 'weights.safetensors')
    const bytes = readFileSync(weights)
    writeFileSync(weights, bytes.fill(0x20, bytes.length - 8))
    const lost = await trellis(folder, 'verify', 'a')
    expect(lost.stdout).toMatch(
      /weights\.safetensors is not .*\n {2}fix: resume the run: the trial is trained again/,
    )
    expect(lost.status).toBe(1)

    const ofHead = of('head', 'result.json')
    for (const file of ['summary.json', 'comparison.json', 'comparison/candidates.json', 'derived/head.json'])
      rmSync(join(runIn(folder), file))
    rmSync(join(runIn(folder), 'decoded'), { recursive: true })
    rmSync(ofHead)
    const { status, stderr } = await trellis(folder, 'resume', 'a')
    expect(status, stderr).toBe(0)
    expect(found(folder)).toEqual(found(whole))
    expect((await trellis(folder, 'verify', 'a')).status).toBe(0)
  })
})

test('a budget that does not cover the schedule is refused with what it would cover', async () => {
  const folder = emptyFolder()
  const set = ['search.steps=1000000', 'budget.hours=0.1'].flatMap((each) => ['--set', each])
  const { status, stderr } = await trellis(folder, 'search', writeConfig(folder, TINY), ...set)
  expect(status).toBe(2)
  expect(stderr).toMatch(
    /^trellis: the run would take about .+, and .+ are allowed \(budget\.hours: 0\.1\)\n {2}fix: .*--set search\.steps=\d+\n$/,
  )
  expect(existsSync(join(storeIn(folder), 'runs'))).toBe(false)
})

describe('a transfer', () => {
  const candidatesOf = (run: string): readonly Record<string, unknown>[] =>
    JSON.parse(readFileSync(join(storeIn(whole), 'runs', run, 'comparison/candidates.json'), 'utf8'))
      .contenders

  test('trains what another run has found, or a file holds, on other images beside FPN, killed and resumed', async () => {
    const genotype = readFileSync(join(runIn(whole), 'decoded/genotype.json'), 'utf8')
    writeFileSync(join(whole, 'found.json'), genotype)
    const config = writeConfig(whole, `${TINY_AUTO_FPN}\nseed: 1\n`)
    const transfer = (run: string, from: string) =>
      ['search', config, '--run', run, '--set', `search.genotype=${from}`] as const
    const { child, ended } = startTrellis(whole, transfer('b', 'a'))
    const isChosen = () => existsSync(join(storeIn(whole), 'runs/b/comparison/shards.jsonl'))
    while (!isChosen() && child.exitCode === null) await setTimeout(20)
    child.kill('SIGKILL')
    await ended
    const resumed = await trellis(whole, 'resume', 'b')
    expect(resumed.status, resumed.stderr).toBe(0)
    expect(resumed.stdout).toContain(
      'Run b is finished: a neck of 1 layer and a head of 1 cell taken from run a',
    )
    expect(existsSync(join(storeIn(whole), 'runs/b/derived'))).toBe(false)
    expect(candidatesOf('b').map(({ role }) => role)).toEqual(['found', 'fpn', 'random'])
    expect(candidatesOf('b')[0]!.genotype).toEqual(JSON.parse(genotype))
    expect(readFileSync(join(storeIn(whole), 'runs/b/decoded/genotype.json'), 'utf8')).toBe(genotype)

    const fromFile = await trellis(whole, ...transfer('c', './found.json'))
    expect(fromFile.status, fromFile.stderr).toBe(0)
    expect(fromFile.stdout).toMatch(
      /detector +neck and head of \S+\/found\.json, 8 channels, images of 64x64/,
    )
    expect(candidatesOf('c')).toEqual(candidatesOf('b'))
  })

  test.each([
    ['nobody', /there is no run nobody in .*\n {2}fix: .*Known: /],
    ['./none.json', /cannot read \S+none\.json: ENOENT\n {2}fix: give search\.genotype a run of auto-fpn/],
    ['./two.json', /search\.genotype: the neck in \S+two\.json has 2 levels, and detectors have 4\n/],
    ['./text.json', /search\.genotype: \S+text\.json is not valid JSON\n/],
  ])('of %s is refused', async (from, message) => {
    const layer = ['none', 'none', 'none', 'none']
    const neck = { levels: 2, layers: [layer] }
    writeFileSync(join(whole, 'two.json'), JSON.stringify({ space: 'auto-fpn', version: 1, neck }))
    writeFileSync(join(whole, 'text.json'), 'FPN')
    const set = ['--set', `search.genotype=${from}`]
    const { status, stderr } = await trellis(
      whole,
      'search',
      writeConfig(whole, TINY_AUTO_FPN),
      '--run',
      'd',
      ...set,
    )
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })

  test('does not search, so that SNAS is no baseline of it', async () => {
    const set = ['search.genotype=a', 'baselines.snas=true'].flatMap((each) => ['--set', each])
    const { status, stderr } = await trellis(whole, 'estimate', writeConfig(whole, TINY_AUTO_FPN), ...set)
    expect(stderr).toMatch(/baselines\.snas: SNAS searches, and with search\.genotype nothing is searched/)
    expect(status).toBe(2)
  })
})
