import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { IGNORE } from '../../nas/data/dataset.ts'
import { openDataset } from '../../nas/data/open.ts'
import { runModel } from '../../nas/engines/onnxruntime/run-model.ts'
import { cardOf } from '../../nas/runs/model.ts'
import { openStore } from '../../nas/store/open.ts'
import { decodeSafetensors, encodeSafetensors } from '../../nas/store/safetensors.ts'
import { float32, type Tensors } from '../../nas/tensor.ts'
import { evaluate } from '../../nas/training/evaluate.ts'
import { wholeImages } from '../../nas/training/segmentation-predictor.ts'
import { expectPortable } from './portable.ts'
import { TINY_TOPFORMER } from './tiny.ts'
import { type Ended, emptyFolder, killEach, trellis, writeConfig } from './trellis.ts'

// Seconds on a computer of one's own, minutes where many others compute.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** The same, pretrained so hard that what starts from it shows. */
const TINY = `${TINY_TOPFORMER}
pretrain:
  dataset: { kind: shapes, images: 10, validation: 4 }
  image: 80
  steps: 4
  batch: 2
  learningRate: 1
`

const storeIn = (folder: string) => join(folder, 'trellis-store')
const runIn = (folder: string) => join(storeIn(folder), 'runs/a')

/** All that a run has found, by file. */
function found(folder: string): Readonly<Record<string, string>> {
  const decoded = readdirSync(join(runIn(folder), 'decoded')).map((file) => `decoded/${file}`)
  const rounds = [0, 1].map((round) => `half-steps/000${round}.results.json`)
  const files = [...rounds, 'front.json', 'rivals/candidates.json', 'comparison.json', ...decoded]
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(runIn(folder), file), 'latin1')]))
}

/** The trial of a kind that a store has one of. */
const trialOf = (folder: string, kind: string): string =>
  readdirSync(join(storeIn(folder), 'trials')).find(
    (trial) =>
      JSON.parse(readFileSync(join(storeIn(folder), 'trials', trial, 'spec.json'), 'utf8')).kind === kind,
  )!

const weightsIn = (folder: string, kind: string): string =>
  join(storeIn(folder), 'trials', trialOf(folder, kind), 'weights.safetensors')

const tensorsIn = (file: string): Tensors => decodeSafetensors(readFileSync(file), file).tensors

const norm = (tensors: readonly ArrayLike<number>[]): number =>
  Math.sqrt(tensors.reduce((sum, data) => sum + Array.from(data).reduce((s, x) => s + x * x, 0), 0))

/** A folder with a run `a` that nobody has interrupted. */
let whole: string
let ended: Ended
beforeAll(async () => {
  whole = emptyFolder(afterAll)
  ended = await trellis(whole, 'search', writeConfig(whole, TINY), '--run', 'a')
})

describe('a search with Efficient-TopFormer', () => {
  test('says what it is about to do, what it found, and where that is', () => {
    const { status, stdout, stderr } = ended
    expect(stderr).not.toContain('trellis:')
    expect(status).toBe(0)
    expect(stdout).toContain('street: 6 training and 2 validation images, 10 classes')
    expect(stdout).toMatch(/pretrain +on Synthetic shapes, 4 steps of 2 images of 80x80/)
    expect(stdout).toMatch(/pretrained +[\d.]+ % top-1 of the largest network, trial [0-9a-f]{32}/)
    expect(stdout).toMatch(/supernet +one, 2 steps: the largest, the smallest and 2 other networks each/)
    expect(stdout).toMatch(/search +1 iteration of two halves, 4 evaluations, below 1M multiply-adds/)
    expect(stdout).toMatch(/compare +what is found, TopFormer scaled, and 1 random network, 2 steps each/)
    expect(stdout).toMatch(/Run a is finished: 4 networks evaluated, \d on the front/)
    expect(stdout).toMatch(/score +[\d.]+ % mIoU, \S+ to TopFormer scaled, \S+ to a random network/)
    for (const file of ['report', 'model'])
      expect(existsSync(stdout.match(new RegExp(`${file} +(/.+)`))![1]!)).toBe(true)
  })

  test('finds what costs less than its limit, also by what is exported', async () => {
    const exported = await trellis(whole, 'export', 'a', '--onnx', 'out.onnx', '--genotype', 'out.json')
    expect(exported.stdout).toMatch(/^out.onnx, out.json: [\d.]+ % mIoU, trial [0-9a-f]{32}\n$/)
    expectPortable(join(whole, 'out.onnx'))
    const counted = await trellis(
      whole,
      'count',
      'out.json',
      '--input',
      '3x80x80',
      '--classes',
      '10',
      '--json',
    )
    const { multiplyAdds } = JSON.parse(counted.stdout) as { multiplyAdds: number }
    expect(multiplyAdds).toBeLessThan(1e6)
    const comparison = JSON.parse(readFileSync(join(runIn(whole), 'comparison.json'), 'utf8'))
    expect(comparison.winner.multiplyAdds).toBe(multiplyAdds)
  })

  test('is all there for an estimate of the same, and what was searched for one of another comparison', async () => {
    const config = writeConfig(whole, TINY)
    const estimate = async (...set: readonly string[]) =>
      (await trellis(whole, 'estimate', config, ...set)).stdout
    expect(await estimate()).toContain('Everything is in the store already')
    expect(await estimate('--set', 'search.samples=3')).toContain('left out: pretraining, supernet')
  })

  test('leaves a front of models that score in a plain runtime exactly what its table says', async () => {
    const exported = await trellis(whole, 'export', 'a', '--front', 'front', '--json')
    const front = JSON.parse(exported.stdout) as {
      networks: readonly { file: string; score: number; multiplyAdds: number }[]
    }
    expect(JSON.parse(readFileSync(join(whole, 'front/front.json'), 'utf8'))).toEqual(front)
    const files = front.networks.map(({ file }) => file)
    expect(readdirSync(join(whole, 'front')).sort()).toEqual([...files, 'front.json'])
    expect(front.networks.length).toBeGreaterThan(0)
    const dataset = await openDataset(
      { kind: 'street', images: 6, validation: 2, height: 80, width: 80, seed: 0 },
      openStore,
    )
    for (const { file, score } of front.networks) {
      const model = readFileSync(join(whole, 'front', file))
      const scored = await evaluate({
        program: { run: (_, inputs) => runModel(model, inputs), dispose: async () => {} },
        state: undefined as never,
        batches: wholeImages(dataset, dataset.validation, cardOf(model).size as [number, number]),
        classes: 10,
        ignoreLabel: IGNORE,
      })
      expect(scored!.meanIou).toBe(score)
    }
    const costs = front.networks.map(({ multiplyAdds }) => multiplyAdds)
    expect(costs).toEqual(costs.toSorted((a, b) => a - b))
    const again = await trellis(whole, 'export', 'a', '--front', 'front')
    expect(again.stderr).toMatch(/front is there already, and is not overwritten\n {2}fix: move it away/)
    expect(again.status).toBe(2)
  })

  test('goes by latencies that it measures once, below each of several limits, with the supernet that is there', async () => {
    const config = writeConfig(whole, TINY)
    const of = ['--set', 'search.limit.of=latency', '--set', 'search.limit.most=[500, 1000]']
    const { status, stdout, stderr } = await trellis(whole, 'search', config, '--run', 'b', ...of)
    expect(stderr).not.toContain('trellis:')
    expect(status).toBe(0)
    expect(stdout).toMatch(/8 evaluations, below 500, 1000 ms/)
    expect(stdout).toMatch(/latency +[\d.]+ ms for an image, the sum of its parts, measured on .+ UTC, each/)
    expect(readdirSync(join(storeIn(whole), 'latencies'))).toHaveLength(1)
    const { points } = JSON.parse(readFileSync(join(storeIn(whole), 'runs/b/front.json'), 'utf8')) as {
      points: readonly { latency: number; score: number }[]
    }
    const costs = points.map(({ latency }) => latency)
    expect(costs).toEqual(costs.toSorted((a, b) => a - b))
    expect(costs.every((latency) => latency > 0 && latency < 1000)).toBe(true)
    const again = await trellis(whole, 'estimate', config, ...of, '--set', 'search.samples=3')
    expect(again.stdout).toContain('left out: latencies, pretraining, supernet')
    const measured = await trellis(whole, 'verify', 'b')
    expect(measured.stdout).toMatch(/, 0 missing or damaged\n/)
    const least = await trellis(
      whole,
      'search',
      config,
      ...of.slice(0, 2),
      '--set',
      'search.limit.most=[0.001]',
    )
    expect(least.stderr).toMatch(
      /no network of the space has less than 0\.001 ms: its smallest has [\d.]+; raise/,
    )
  })

  test('starts from what it has pretrained, which has no head', () => {
    const pretrained = tensorsIn(weightsIn(whole, 'pretrain'))
    const supernet = tensorsIn(weightsIn(whole, 'supernet'))
    const names = Object.keys(supernet).filter((name) => /^(pyramid|semantics)\//.test(name))
    expect(Object.keys(pretrained).sort()).toEqual(names.sort())
    const moved = names.map((name) => pretrained[name]!.data.map((x, i) => x - supernet[name]!.data[i]!))
    // Two steps of at most 0.05 times the largest norm, the second with the momentum of the first; pretraining takes steps of 1.
    expect(norm(moved)).toBeLessThan(0.15)
    const initial = names.map((name) => pretrained[name]!.data.map((x) => (name.endsWith('/beta') ? x : 0)))
    expect(norm(initial)).toBeGreaterThan(0.15)
    const { contenders } = JSON.parse(readFileSync(join(runIn(whole), 'comparison.json'), 'utf8'))
    for (const { role, pretrained: share } of contenders) {
      expect(share).toBeLessThan(1)
      if (role !== 'topformer') expect(share).toBeGreaterThan(0.9)
    }
  })

  test('finds the same with the weights that it has left, given as files, and trains no supernet', async () => {
    const given = [
      `pretrain={weights: ${weightsIn(whole, 'pretrain')}}`,
      `supernet.weights=${weightsIn(whole, 'supernet')}`,
    ].flatMap((set) => ['--set', set])
    const folder = emptyFolder()
    const { status, stdout, stderr } = await trellis(
      folder,
      'search',
      writeConfig(folder, TINY),
      '--run',
      'a',
      ...given,
    )
    expect(stderr).not.toContain('trellis:')
    expect(status).toBe(0)
    expect(stdout).toMatch(/pretrain +weights from \//)
    expect(stdout).toMatch(/supernet +weights from \//)
    const scores = (of: string) => {
      const { winner, contenders } = JSON.parse(readFileSync(join(runIn(of), 'comparison.json'), 'utf8'))
      return [
        winner.genotype,
        contenders.map(({ role, score, inherited }: never) => [role, score, inherited]),
      ]
    }
    expect(scores(folder)).toEqual(scores(whole))
    const [lost] = readdirSync(join(storeIn(folder), 'supernets'))
    rmSync(join(storeIn(folder), 'supernets', lost!), { recursive: true })
    const verified = await trellis(folder, 'verify', 'a')
    expect(verified.stdout).toMatch(
      /supernets\/[0-9a-f]{32}\/weights\.safetensors is missing\n {2}fix: resume/,
    )
  })

  test('is sound', async () => {
    const verified = await trellis(whole, 'verify', 'a')
    expect(verified.stdout).toMatch(/, 0 missing or damaged\n/)
    expect(verified.status).toBe(0)
  })

  test('finds the same, byte for byte, killed again and again and resumed', async () => {
    const folder = emptyFolder()
    const config = writeConfig(folder, TINY)
    await killEach(folder, [
      { args: ['search', config, '--run', 'a'], after: join(runIn(folder), 'starts') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'supernets.jsonl') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'half-steps/0000.jsonl') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'half-steps/0001.jsonl') },
      { args: ['resume', 'a'], after: join(runIn(folder), 'rivals/shards.jsonl') },
    ])
    const resumed = await trellis(folder, 'resume', 'a')
    expect(resumed.stderr).not.toContain('trellis:')
    expect(resumed.status).toBe(0)
    expect(found(folder)).toEqual(found(whole))
  })
})

test.each([
  [
    'pretrain={weights: w.safetensors}',
    /cannot read .*w\.safetensors: .*\n {2}fix: correct pretrain\.weights/,
  ],
  [
    'supernet.weights=supernet.safetensors',
    /supernet\.weights: \S+: pyramid\/stem\/weight is missing, and should be float32 \[4x3x3x3\]\n {2}fix: give weights/,
  ],
  ['supernet={halves: pair, weights: supernet.safetensors}', /supernet\.weights: a pair has two supernets/],
  ['pretrain={dataset: {kind: class-folders, path: none}}', /no class folders in \S+none\/train/],
  ['pretrain={dataset: {kind: street}}', /pretrain\.dataset\.kind is not one of class-folders, shapes/],
  ['pretrain={weights: w.safetensors, steps: 4}', /unknown key pretrain\.steps/],
  [
    'search.limit.most=[1]',
    /no network of the space has less than 1 multiply-adds: its smallest has 215,044\n {2}fix: raise/,
  ],
  ['search.limit.most=[100, 50]', /search\.limit\.most: .*increasing order/],
])('%s is refused in a line', async (set, message) => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'supernet.safetensors'), encodeSafetensors({ other: float32([1], [1]) }))
  const { status, stderr } = await trellis(
    folder,
    'search',
    writeConfig(folder, TINY_TOPFORMER),
    '--set',
    set,
  )
  expect(stderr).toMatch(message)
  expect(status).toBe(2)
  expect(existsSync(join(storeIn(folder), 'runs'))).toBe(false)
})
