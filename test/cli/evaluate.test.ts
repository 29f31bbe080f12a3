import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Evaluation } from '../../cli/evaluate/evaluation.ts'
import { evaluationJson } from '../../cli/json.ts'
import { TINY, WITHOUT_LATENCY } from './tiny.ts'
import { emptyFolder, trellis, writeConfig, writePng } from './trellis.ts'

// Seconds on a computer of one's own, minutes where many others compute.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** Searches whose test images are kept aside, in every pipeline, and where each keeps its comparison. */
const SEARCHES = {
  dpc: {
    config: TINY.replace('validation: 2', 'validation: 2, test: 3')
      .replace('aspp: false, random: 0', 'aspp: true, random: 2')
      .replace('rerank: {', 'rerank: { seeds: [0, 1],'),
    comparison: 'rerank.json',
    baselines: ['ASPP', 'random 1', 'random 2'],
    mean: 'the mean of 2 random cells',
  },
  densenas: {
    config: WITHOUT_LATENCY.replace('validation: 20', 'validation: 20, test: 30').replace(
      'random: 1',
      'random: 2',
    ),
    comparison: 'comparison.json',
    baselines: ['random path 1', 'random path 2'],
    mean: 'the mean of 2 random paths',
  },
} as const

interface Compared {
  readonly score: number
  readonly test: {
    readonly score: number
    readonly low: number
    readonly high: number
    readonly images: number
  }
  readonly trials: readonly { readonly trial: string; readonly score: number }[]
}

describe.each(Object.entries(SEARCHES))('a %s run', (_, { config, comparison, baselines, mean }) => {
  let folder: string
  let searched: string
  beforeAll(async () => {
    folder = emptyFolder(afterAll)
    const { status, stdout, stderr } = await trellis(
      folder,
      'search',
      writeConfig(folder, config),
      '--run',
      'a',
    )
    expect(status, stderr).toBe(0)
    searched = stdout
  })
  const inStore = (key: string) => JSON.parse(readFileSync(join(folder, 'trellis-store', key), 'utf8'))
  const stored = () =>
    inStore(`runs/a/${comparison}`) as {
      contenders: Compared[]
      winner: Compared & { trial: string }
      leads: { lead: object }[]
    }
  const evaluated = async (...args: string[]): Promise<Evaluation> => {
    const { stdout, stderr } = await trellis(folder, 'evaluate', 'a', '--json', ...args)
    expect(stderr).not.toContain('trellis:')
    return evaluationJson.parse(JSON.parse(stdout))
  }

  test('has the test score of every network in its result, and tells the winner’s first', () => {
    const { contenders, winner } = stored()
    for (const { test, trials } of contenders) {
      const ofTrials = trials.map(({ trial }) => inStore(`trials/${trial}/result.json`).test.score)
      expect(test.score).toBeCloseTo(ofTrials.reduce((sum, each) => sum + each) / ofTrials.length, 12)
    }
    expect(searched).toMatch(/: \d+ training, \d+ validation and (3|30) test images, \d+ classes/)
    expect(searched).toContain('intervals are over images, for these seeds: others may differ by more')
    expect(searched.includes('only 3 images: intervals over fewer than 20')).toBe(winner.test.images === 3)
    const shown = (share: number) => (100 * share).toFixed(2)
    const { score, low, high } = winner.test
    expect(searched).toContain(
      `test ${'top5' in winner ? 'top-1' : 'mIoU'} ${shown(score)} % [${shown(low)}, ${shown(high)}]`,
    )
  })

  test('is listed with the validation score of what it found', async () => {
    const { stdout } = await trellis(folder, 'list', '--json')
    expect(JSON.parse(stdout).runs).toMatchObject([{ run: 'a', best: stored().winner.score }])
  })

  test('is evaluated to exactly what is stored, on test and on validation images', async () => {
    const { contenders, winner, leads } = stored()
    const onTest = await evaluated()
    const [first, ...others] = onTest.networks
    expect([onTest.split, onTest.images]).toEqual(['test', winner.test.images])
    const { images: _, ...figures } = winner.test
    expect(first).toMatchObject({ kind: 'found', toFirst: null, ...figures })
    expect(others.map(({ name }) => name).sort()).toEqual([...baselines, mean].sort())
    expect(others.find(({ name }) => name === mean)!.toFirst!.value).toBeCloseTo(-leadOfRandom(leads), 12)

    const onValidation = await evaluated('--split', 'validation')
    const scores = new Map(
      contenders.flatMap(({ trials }) => trials.map(({ trial, score }) => [trial, score])),
    )
    const again = onValidation.networks.flatMap(({ trials }) => trials)
    expect(again.length).toBeGreaterThan(baselines.length)
    for (const { trial, score } of again) expect(score).toBe(scores.get(trial))
  })

  test('is evaluated on the dataset of another file, of the same classes alone', async () => {
    const kind = config.includes('street') ? 'street' : 'shapes'
    writeFileSync(
      join(folder, 'other.yaml'),
      `dataset: { kind: ${kind}, images: 10, validation: 20, seed: 7 }`,
    )
    const other = await evaluated('--dataset', 'other.yaml', '--no-baselines')
    expect(other).toMatchObject({ split: 'validation', images: 20, networks: [{ kind: 'found' }] })
    expect(other.dataset.fingerprint).not.toBe((await evaluated('--no-baselines')).dataset.fingerprint)

    const { classes } = inStore('runs/a/config.json').dataset as { classes: string[] }
    const alone =
      kind === 'shapes'
        ? '{ kind: class-folders, path: data, test: alone }'
        : `{ kind: folders, path: data, classes: [${classes}], test: { images: alone, labels: masks } }`
    const image = kind === 'shapes' ? `data/alone/${classes[0]}/1.png` : 'data/alone/1.png'
    for (const [name, channels] of [
      [image, 3],
      ['data/masks/1.png', 1],
    ] as const) {
      writePng(join(folder, name), [40, 50], channels, channels === 3 ? 120 : 1)
    }
    writeFileSync(join(folder, 'alone.yaml'), `dataset: ${alone}`)
    const json = await trellis(folder, 'evaluate', 'a', '--json', '--dataset', 'alone.yaml', '--no-baselines')
    expect(JSON.parse(json.stdout)).toMatchObject({ split: 'test', images: 1 })
    expect(json.stderr).toMatch(
      /^trellis: warning: No test (mask holds|image is of) classes .*: the score does not say how well that is found\.$/m,
    )
    const { stdout } = await trellis(folder, 'evaluate', 'a', '--dataset', 'alone.yaml')
    expect(stdout).toContain('Only 1 test image: intervals over fewer than 20 are too narrow to be trusted')

    writeFileSync(join(folder, 'typo.yaml'), `dataset: { kind: ${kind}, imags: 4 }`)
    const fails = async (...args: string[]) => {
      const { status, stdout, stderr } = await trellis(folder, 'evaluate', 'a', ...args)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      return stderr
    }
    expect(await fails('--dataset', 'typo.yaml')).toContain(
      'typo.yaml: unknown key dataset.imags, did you mean images?',
    )
    expect(await fails('--dataset', 'other.yaml', '--split', 'test')).toContain(
      'other.yaml names no test images',
    )
    expect(await fails('--split', 'holdout')).toContain('give --split one of test, validation, train')
    expect(await fails('--rank', '7')).toContain('no trained network of rank 7')
  })

  test('predicts images of any size, and overwrites nothing', async () => {
    writePng(join(folder, 'wide.png'), [20, 50], 3, 120)
    writePng(join(folder, 'high.png'), [70, 33], 3, 40)
    const { status, stdout, stderr } = await trellis(folder, 'predict', 'a', 'wide.png', 'high.png')
    expect(status, stderr).toBe(0)
    if (config.includes('shapes')) {
      expect(stdout).toMatch(/^wide\.png: \w+ [\d.]+ %, .*\nhigh\.png: /)
      const { images } = JSON.parse((await trellis(folder, 'predict', 'a', 'wide.png', '--json')).stdout)
      expect(images[0].classes).toHaveLength(5)
      return
    }
    expect(stdout).toBe(
      'wide.png: predictions/wide.png, predictions/wide-overlay.png\nhigh.png: predictions/high.png, predictions/high-overlay.png\n',
    )
    const mask = decode(readFileSync(join(folder, 'predictions/high.png')))
    expect([mask.height, mask.width, mask.channels]).toEqual([70, 33, 1])
    expect(mask.palette).toHaveLength(10)
    const again = await trellis(folder, 'predict', 'a', 'high.png')
    expect(again).toMatchObject({ status: 2, stdout: '' })
    expect(again.stderr).toContain('predictions/high.png is there already, and is not overwritten')
    const twice = await trellis(folder, 'predict', 'a', 'wide.png', './wide.png', '--out', 'new')
    expect(twice.stderr).toContain('two of the images would be predicted into new/wide.png')
    expect(existsSync(join(folder, 'new'))).toBe(false)
    writeFileSync(join(folder, 'cut.png'), readFileSync(join(folder, 'high.png')).subarray(0, 60))
    const last = await trellis(folder, 'predict', 'a', 'wide.png', 'cut.png', '--out', 'new')
    expect(last).toMatchObject({ status: 2, stdout: '' })
    expect(existsSync(join(folder, 'new'))).toBe(false)
    for (const [out, fix] of [
      ['high.png', 'a file is where a folder is needed'],
      ['n'.repeat(300), 'shorten its name'],
    ] as const)
      expect((await trellis(folder, 'predict', 'a', 'wide.png', '--out', out)).stderr).toContain(
        `fix: ${fix}`,
      )
  })
})

const leadOfRandom = (leads: readonly object[]) =>
  (leads as { role: string; lead: { value: number } }[]).find(({ role }) => role === 'random')!.lead.value
