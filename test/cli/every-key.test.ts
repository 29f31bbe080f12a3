import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { exitReportOf, STATUS } from '../../cli/boundary.ts'
import { estimateConfig } from '../../cli/estimate.ts'
import { configSchema } from '../../nas/pipelines/config.ts'
import { emptyFolder, writeConfig } from './trellis.ts'

/* Whatever is written for a key, the answer is an estimate or a line about the key, and it comes at once. */

/** The part of a JSON schema that tells keys. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema | false
  readonly prefixItems?: readonly Schema[]
  readonly const?: unknown
}

const PRETRAIN = [
  '',
  'pretrain: { dataset: { kind: shapes }, augmentation: { kind: crop }, image: 80 }',
  'pretrain: { weights: w.safetensors }',
  'pretrain: { dataset: { kind: class-folders, path: data }, augmentation: { kind: googlenet }, image: 80 }',
]

/** Small configurations, which between them have every alternative. */
const BASES: readonly string[] = [
  ...[
    '{ kind: street, images: 4, validation: 2, height: 32, width: 64 }',
    '{ kind: folders, path: data, classes: [a, b] }',
    '{ kind: cityscapes, path: data }',
    '{ kind: voc, path: data }',
  ].map(
    (dataset, i) => `
pipeline: dpc
dataset: ${dataset}
backbone: ${i === 0 ? '{ width: 0.1, weights: w.safetensors }' : '{ width: 0.1, pretrain: { crop: [33, 33] } }'}
space: { branches: 2, filters: 8 }
proxy: { crop: [33, 33] }
search: { strategy: { kind: ${['random', 'local', 'evolution', 'local'][i]} } }
rerank: { crop: [33, 33] }
budget: { trials: 4 }
`,
  ),
  ...[
    'dataset: { kind: shapes, images: 10, validation: 10 }\naugmentation: { kind: crop }\nspace: { preset: densenas-tiny }',
    `dataset: { kind: class-folders, path: data }
augmentation: { kind: googlenet }
space: { operations: [mbconv_k3_t3], stages: [{ stride: 2, widths: [8], layers: 0 }, { stride: 4, widths: [16], layers: 1 }], reach: 2, last: 32 }`,
  ].map((parts) => `pipeline: densenas\n${parts}\n`),
  ...[
    '{ kind: street, images: 4, validation: 2, height: 64, width: 64 }',
    '{ kind: voc, path: data }',
    '{ kind: coco, path: data }',
    '{ kind: bdd100k, path: data }',
    '{ kind: visual-genome, path: data }',
  ].map(
    (dataset, i) => `
pipeline: auto-fpn
dataset: ${dataset}
image: [64, 64]
backbone: ${i === 0 ? '{ width: 0.1, weights: w.safetensors }' : '{ width: 0.1, pretrain: { steps: 2 } }'}
detector: ${i === 0 ? '{ kind: one-stage, levels: 4, channels: 8 }' : '{ kind: two-stage, channels: 8, hidden: 8, cell: 8, regions: 4, proposals: 4 }'}
`,
  ),
  ...[
    `dataset: { kind: street, images: 4, validation: 2, height: 80, width: 80 }
space: { stem: [8],
  convolutions: [${Array(5).fill('{ width: [8], depth: [1], kernel: [3], expansion: [1] }').join(', ')}],
  transformers: [${Array(4).fill('{ heads: [2], keyDim: [8], attentionRatio: [2], mlpRatio: [2], depth: [1] }').join(', ')}],
  injection: 16 }`,
    'dataset: { kind: voc, path: masks }\nspace: { preset: topformer-street }',
    'dataset: { kind: folders, path: masks, classes: 3 }\nspace: { preset: topformer-street }',
    'dataset: { kind: cityscapes, path: masks }\nspace: { preset: topformer-street }',
  ].map(
    (parts, i) => `
pipeline: topformer
${parts}
supernet: { steps: 2, batch: 2, crop: [80, 80] }
search:
  limit: { most: [1.0e9] }
  samples: 2
  besides: [{ kind: ${['random', 'evolution', 'random', 'random'][i]} }]
retrain: { steps: 2, batch: 2, crop: [80, 80] }
${PRETRAIN[i]}
`,
  ),
]

/** Wrong types, bounds, numbers that are none, and what YAML alone can say. */
const VALUES: readonly string[] = [
  'text',
  '""',
  '"\\0"',
  'true',
  'null',
  '-1',
  '0',
  '-0.0',
  '1e-300',
  '0.5',
  '1000000',
  '9007199254740991',
  '1e300',
  '.nan',
  '-.inf',
  '!!binary aGk=',
  '!!set { a, b }',
  '!!timestamp 2001-12-14',
  '[]',
  '[0, 0]',
  '[1e300, -1]',
  '[[[[1]]]]',
  '{ a: { b: [1] } }',
  '{ kind: nothing }',
  '{ __proto__: 1 }',
]

const schema = z.toJSONSchema(configSchema(), { io: 'input', unrepresentable: 'any' }) as Schema

interface Key {
  readonly path: string
  /** With the alternatives that it stands in. */
  readonly name: string
}

/** Keys of all alternatives, sections and lists too, without what is inside of lists. */
function keysOf(at: Schema, path: string, name: string): Key[] {
  const inner = Object.entries(at.properties ?? {}).flatMap(([key, value]) => {
    const place = path === '' ? key : `${path}.${key}`
    const named = `${name}.${key}`
    return [{ path: place, name: named }, ...keysOf(value, place, named)]
  })
  const alternatives = [...(at.oneOf ?? []), ...(at.anyOf ?? [])].filter(({ properties }) => properties)
  return [...inner, ...alternatives.flatMap((each) => keysOf(each, path, `${name}(${wordFor(each)})`))]
}

const wordFor = ({ properties = {} }: Schema): string =>
  String(properties.pipeline?.const ?? properties.kind?.const ?? Object.keys(properties)[0])

const keys = keysOf(schema, '', '')

/** The configuration that has a key's alternatives. */
function baseFor({ name }: Key): string {
  const words = [...name.matchAll(/\(([^)]+)\)/g)].map(([, word]) => word!)
  const bases = BASES.filter((base) => words.every((word) => new RegExp(`[:{] ?${word}\\b`).test(base)))
  if (bases.length === 0) throw new Error(`no configuration has ${name}`)
  return bases[0]!
}

let printed: string[]
beforeEach(() => {
  printed = []
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(console, 'log').mockImplementation((text) => printed.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function statusOf(config: string, ...set: string[]) {
  const started = performance.now()
  try {
    await estimateConfig(config, { set, json: true })
    return { status: 0, lines: [], seconds: (performance.now() - started) / 1000 }
  } catch (thrown) {
    return { ...exitReportOf(thrown, true), seconds: (performance.now() - started) / 1000 }
  }
}

/** Where it is wrong, and none of the words that zod has for it. */
function expectOurWords(line: string, { path }: Key, value: string): void {
  const place = path.split('.')[0]!
  // More trials than rounds have room for are a matter of `perRound`.
  expect.soft(line, value).toMatch(new RegExp(`\\b${place}\\b|unknown key|search.perRound`))
  expect.soft(line, value).not.toMatch(/Invalid|Unrecognized|Too (small|big)|[Ee]xpected|received|undefined/)
}

test('there are keys', () => {
  expect(keys.length).toBeGreaterThan(100)
})

test.each(BASES)('a configuration that has alternatives is sound: %#', async (base) => {
  expect(await statusOf(writeConfig(emptyFolder(), base))).toMatchObject({ status: STATUS.done })
})

test.each([
  'budget={trials: 9007199254740991}',
  'budget={trials: 1000000, hours: 1000000000}',
  'budget={hours: 1000000000}',
])('an estimate takes no longer for a large budget: %s', async (budget) => {
  const config = writeConfig(emptyFolder(), BASES[0]!)
  expect((await statusOf(config, budget, 'search.perRound=200')).seconds).toBeLessThan(5)
})

describe.each(keys)('$name', (key) => {
  test('takes a value, or refuses it in a line', async () => {
    const config = writeConfig(emptyFolder(), baseFor(key))
    for (const value of VALUES) {
      const { status, lines, seconds } = await statusOf(config, `${key.path}=${value}`)
      expect.soft([STATUS.done, STATUS.badInput], `${value}\n${lines.join('\n')}`).toContain(status)
      expect.soft(lines.join('').length).toBeLessThan(10_000)
      expect.soft(seconds, value).toBeLessThan(5)
      if (status === STATUS.badInput) expectOurWords(lines[0]!, key, value)
    }
    for (const estimate of printed) expect.soft(estimate).not.toMatch(/Infinity|NaN/)
  })
})
