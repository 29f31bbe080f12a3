import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DecodedPng, decode, encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runModel } from '../../nas/engines/onnxruntime/run-model.ts'
import { random } from '../../nas/random.ts'
import { decodeSafetensors } from '../../nas/store/safetensors.ts'
import { float32 } from '../../nas/tensor.ts'
import { difference } from '../nas/graph/check-op.ts'
import { TINY, WITHOUT_LATENCY } from './tiny.ts'
import { emptyFolder, trellis, writeConfig } from './trellis.ts'

/* The programs of README.md, as they stand there, on models that are trained here. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text!)

const python = process.env.PYTHON ?? 'python3'
const hasPython = spawnSync(python, ['-c', 'import onnxruntime, numpy, PIL']).status === 0
if (!hasPython)
  console.warn(`README's Python is skipped: ${python} has no onnxruntime, numpy and pillow (PYTHON=...)`)

/** Where packages of this project are found. */
const scripts = join(root, 'node_modules/.cache/readme', `${process.pid}`)
const removals: (() => void)[] = []
afterAll(() => {
  rmSync(scripts, { recursive: true, force: true })
  for (const remove of removals) remove()
})

/** Runs a program of the README; returns what it printed. */
function runProgram(language: 'python' | 'js', index: number, ...args: string[]): string {
  const file = join(scripts, `${index}.${language === 'js' ? 'mjs' : 'py'}`)
  // The package carries ONNX Runtime; who runs the program has installed it.
  const packages = join(scripts, 'node_modules')
  mkdirSync(packages, { recursive: true })
  if (!existsSync(join(packages, 'onnxruntime-node')))
    symlinkSync(join(root, 'dist/onnxruntime-node'), join(packages, 'onnxruntime-node'))
  writeFileSync(file, blocks(language)[index]!)
  return execFileSync(language === 'js' ? process.execPath : python, [file, ...args], { encoding: 'utf8' })
}

function writeImage(
  path: string,
  [height, width]: readonly [number, number],
  colour: (x: number) => number[],
) {
  mkdirSync(dirname(path), { recursive: true })
  const pixels = Array.from({ length: height * width }, (_, i) => colour(i % width)).flat()
  const channels = (pixels.length / (height * width)) as 1 | 3
  writeFileSync(path, encode({ width, height, channels, data: Uint8Array.from(pixels) }))
}

const COLOURS = [
  [40, 40, 160],
  [200, 60, 40],
] as const

const noisy = (rng: ReturnType<typeof random>, label: number) =>
  COLOURS[label]!.map((value) => value - 15 + rng.integer(30))

async function searched(folder: string, config: string): Promise<string> {
  writeConfig(folder, config)
  const { status, stderr } = await trellis(folder, 'search', 'search.yaml', '--run', 'a')
  expect(status, stderr).toBe(0)
  return join(folder, 'trellis-store/runs/a/decoded')
}

/** The indices of a palette, which Pillow packs into as few bits as hold them. */
function indicesOf({ width, height, depth, data }: DecodedPng): readonly number[] {
  const stride = Math.ceil((width * depth) / 8)
  return Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth
    const byte = data[Math.floor(i / width) * stride + (bit >> 3)]!
    return (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
  })
}

const cardIn = (decoded: string) => JSON.parse(readFileSync(join(decoded, 'model.json'), 'utf8'))

describe('a picture becomes a mask', () => {
  const folder = emptyFolder((remove) => removals.push(remove))
  let decoded: string
  beforeAll(async () => {
    const rng = random(0, 'readme')
    for (const [split, sizes] of Object.entries({
      train: [
        [48, 64],
        [48, 64],
        [48, 64],
      ],
      val: [
        [48, 64],
        [40, 50],
        [33, 64],
      ],
    } as const))
      for (const [n, size] of sizes.entries()) {
        const edge = 8 + rng.integer(40)
        const label = (x: number) => Number(x >= edge)
        writeImage(join(folder, `data/images/${split}/${n}.png`), size, (x) => noisy(rng, label(x)))
        writeImage(join(folder, `data/annotations/${split}/${n}.png`), size, (x) => [label(x)])
      }
    const dataset = 'dataset: { kind: folders, path: data, classes: [left, right] }'
    decoded = await searched(
      folder,
      TINY.replace(/^dataset: .*$/m, dataset)
        .replace(/steps: 2/g, 'steps: 20')
        .replace('aspp: false', 'aspp: true'),
    )
  })

  test.each([
    ['js', true],
    ['python', hasPython],
  ] as const)('in %s, with the mIoU of the report', (language, isThere) => {
    if (!isThere) return
    const [intersection, union] = [
      [0, 0],
      [0, 0],
    ]
    for (const name of readdirSync(join(folder, 'data/images/val'))) {
      const mask = join(folder, `mask-${name}`)
      runProgram(language, 0, decoded, join(folder, 'data/images/val', name), mask)
      const found = decode(readFileSync(mask))
      const indices = indicesOf(found)
      const truth = decode(readFileSync(join(folder, 'data/annotations/val', name)))
      expect([found.width, found.height]).toEqual([truth.width, truth.height])
      for (const [i, label] of truth.data.entries())
        for (const of of [0, 1]) {
          intersection[of]! += Number(label === of && indices[i] === of)
          union[of]! += Number(label === of || indices[i] === of)
        }
    }
    const iou = intersection.map((pixels, of) => pixels / union[of]!)
    expect((iou[0]! + iou[1]!) / 2).toBeCloseTo(cardIn(decoded).score, 12)
  })

  test('as predict and evaluate make it, whichever images are beside it', async () => {
    const picture = join(folder, 'data/images/val/2.png')
    runProgram('js', 0, decoded, picture, join(folder, 'by-program.png'))
    expect(await trellis(folder, 'predict', 'a', picture)).toMatchObject({ status: 0 })
    const masks = ['by-program.png', 'predictions/2.png'].map((name) =>
      indicesOf(decode(readFileSync(join(folder, name)))),
    )
    expect(masks[1]).toEqual(masks[0])

    const alone = `{ kind: folders, path: data, classes: [left, right], test: { images: images/val, labels: by-program, list: one.txt } }`
    mkdirSync(join(folder, 'data/by-program'))
    copyFileSync(join(folder, 'predictions/2.png'), join(folder, 'data/by-program/2.png'))
    writeFileSync(join(folder, 'data/one.txt'), '2')
    writeFileSync(join(folder, 'alone.yaml'), `dataset: ${alone}`)
    const { stdout } = await trellis(
      folder,
      'evaluate',
      'a',
      '--dataset',
      'alone.yaml',
      '--no-baselines',
      '--json',
    )
    expect(JSON.parse(stdout)).toMatchObject({ images: 1, networks: [{ score: 1 }] })
  })

  test('any network that was trained can be taken, also for one size', async () => {
    const take = (...options: string[]) => trellis(folder, 'export', 'a', ...options)
    const files = ['--onnx', 'aspp.onnx', '--card', 'aspp.json', '--weights', 'aspp.safetensors']
    expect(await take('--baseline', 'aspp', ...files)).toMatchObject({ status: 0 })
    const card = JSON.parse(readFileSync(join(folder, 'aspp.json'), 'utf8'))
    expect(card).toMatchObject({
      ...cardIn(decoded),
      genotype: expect.anything(),
      score: expect.anything(),
      trial: expect.anything(),
    })
    expect(card.trial).not.toBe(cardIn(decoded).trial)
    const { metadata } = decodeSafetensors(readFileSync(join(folder, 'aspp.safetensors')), 'aspp.safetensors')
    expect(metadata.trial).toBe(card.trial)

    expect(await take('--input', '33x49', '--batch', '2', '--onnx', 'fixed.onnx')).toMatchObject({
      status: 0,
    })
    const image = float32(
      [2, 3, 33, 49],
      Float32Array.from({ length: 2 * 3 * 33 * 49 }, (_, i) => Math.sin(i)),
    )
    const [fixed, any] = await Promise.all(
      [join(folder, 'fixed.onnx'), join(decoded, 'model.onnx')].map((file) =>
        runModel(readFileSync(file), { image }),
      ),
    )
    expect(fixed!.logits!.shape).toEqual([2, 2, 33, 49])
    expect(difference(fixed!, any!)).toBeLessThan(1e-5)
  })

  test.each([
    [['--baseline', 'aspps', '--onnx', 'none.onnx'], /no trained baseline "aspps"[\s\S]*one of aspp/],
    [['--baseline', 'aspp', '--rank', '2', '--onnx', 'none.onnx'], /give one of them/],
    [['--input', '33', '--onnx', 'none.onnx'], /HxW/],
    [['--batch', '2', '--onnx', 'none.onnx'], /--input/],
    [['--input', '33x33', '--batch', '0', '--onnx', 'none.onnx'], /from 1/],
    [[], /no file is named/],
  ])('%j is an error in one line, and writes nothing', async (options, line) => {
    const { status, stderr } = await trellis(folder, 'export', 'a', ...options)
    expect(stderr).toMatch(line)
    expect(status).toBe(2)
    expect(existsSync(join(folder, 'none.onnx'))).toBe(false)
  })
})

describe('a picture becomes a class', () => {
  const folder = emptyFolder((remove) => removals.push(remove))
  let decoded: string
  beforeAll(async () => {
    const rng = random(1, 'readme')
    for (const [split, images] of Object.entries({ train: 15, val: 4 }))
      for (const [label, name] of ['blue', 'red'].entries())
        for (let n = 0; n < images; n++)
          writeImage(join(folder, `data/${split}/${name}/${n}.png`), [16, 16 + (n % 3)], () =>
            noisy(rng, label),
          )
    const dataset = 'dataset: { kind: class-folders, path: data }'
    decoded = await searched(folder, WITHOUT_LATENCY.replace(/^dataset: .*$/m, dataset))
  })

  test.each([
    ['js', true],
    ['python', hasPython],
  ] as const)('in %s, with the accuracy of the report', (language, isThere) => {
    if (!isThere) return
    let [right, images] = [0, 0]
    for (const name of ['blue', 'red'])
      for (const file of readdirSync(join(folder, 'data/val', name))) {
        const said = runProgram(language, 1, decoded, join(folder, 'data/val', name, file)).trim()
        expect(['blue', 'red']).toContain(said)
        right += Number(said === name)
        images++
      }
    expect(right / images).toBeCloseTo(cardIn(decoded).score, 12)
  })
})
