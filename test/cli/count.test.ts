import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { count } from '../../cli/count.ts'
import { KNOWN_DENSENAS } from '../../nas/spaces/densenas/known.ts'
import { toNetConfig } from '../../nas/spaces/densenas/net-config.ts'
import { toDeepLab } from '../../nas/spaces/dpc/deeplab.ts'
import { KNOWN_CELLS } from '../../nas/spaces/dpc/known.ts'

const folder = mkdtempSync(join(tmpdir(), 'trellis-count-'))
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const cell = KNOWN_CELLS['dpc-top1']
const input = '320x65x129'

test('prints what a cell weighs by part, in figures that a person reads', async () => {
  const text = await count('dpc-top1', { input })
  const row = (part: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(part))!
      .split(/ {2,}/)
  expect(row('branches')).toEqual(['branches', '361,408', '356,160', '2,986,401,600 (2.99B)'])
  expect(row('projection')).toEqual(['projection', '328,192', '327,680', '2,747,596,800 (2.75B)'])
  expect(row('total')).toEqual(['total', '689,600', '683,840', '5,733,998,400 (5.73B)'])
  expect(
    new Set(
      text
        .split('\n')
        .slice(2)
        .map((line) => line.length),
    ).size,
  ).toBe(1)
})

test('prints a classifier as one line', async () => {
  const text = await count('mobilenet-v2', { input: '3x224x224' })
  expect(text).toContain('3,504,872')
  expect(text).toContain('300,774,272 (0.30B)')
  expect(text).not.toContain('branches')
})

test('prints a detector by part, and for how many regions its head is counted', async () => {
  const text = await count('fpn-resnet-50', { input: '3x800x1344' })
  expect(text.split('\n')[0]).toBe('fpn-resnet-50, input 3x800x1344, 1,000 regions')
  for (const part of [
    /^backbone +23,508,032 /m,
    /^neck +3,344,384 /m,
    /^rpn +593,935 /m,
    /^head +14,310,805 /m,
  ])
    expect(text).toMatch(part)
  expect(text).toMatch(/^total +41,757,156 /m)
})

test('counts a detector for other classes', async () => {
  const counts = await count('fpn-resnet-50', { input: '3x600x1000', classes: '20', json: true })
  expect(JSON.parse(counts)).toMatchObject({ regions: 1000, scopes: { head: { parameters: 14_003_305 } } })
})

test('prints JSON for programs', async () => {
  expect(JSON.parse(await count('dpc-top1', { input, json: true }))).toMatchObject({
    parameters: 689_600,
    scopes: { branches: { convolutionWeights: 356_160 }, projection: { convolutionWeights: 327_680 } },
  })
})

test("reads a genotype in Trellis's and in DeepLab's notation", async () => {
  const known = await count('dpc-top1', { input, json: true })
  const trellis = file('genotype.json', JSON.stringify(cell))
  const deepLab = file('deeplab.json', JSON.stringify(toDeepLab(cell)))
  expect(await count(trellis, { input, json: true })).toBe(known)
  expect(await count(deepLab, { input, json: true })).toBe(known)
})

test("reads a DenseNAS network in Trellis's notation and as net_config, with or without its last layer", async () => {
  const image = { input: '3x224x224', json: true }
  const known = await count('densenas-v1-c', image)
  expect(JSON.parse(known)).toMatchObject({ parameters: 6_720_312, multiplyAdds: 382_990_336 })
  const network = KNOWN_DENSENAS['densenas-v1-c']
  const netConfig = toNetConfig(network)
  for (const [name, text] of [
    ['densenas.json', JSON.stringify(network)],
    ['net_config', `\n${netConfig}\n`],
    ['net_config_v1', netConfig.slice(0, netConfig.lastIndexOf('|'))],
  ] as const)
    expect(await count(file(name, text), image)).toBe(known)
})

test('a genotype is counted as the known network that it is', async () => {
  const image = { input: '3x32x32', json: true }
  const network = file('densenas-c.json', JSON.stringify(KNOWN_DENSENAS['densenas-c']))
  expect(await count(network, image)).toBe(await count('densenas-c', image))
  const features = { input: '48x33x17', json: true }
  const genotype = file('dpc-top1.json', JSON.stringify(cell))
  expect(await count(genotype, features)).toBe(await count('dpc-top1', features))
})

test('says how many architectures a space holds, exactly', async () => {
  const lines = (await count('densenas-mobilenet-v2', {})).split('\n')
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['densenas-mobilenet-v2'],
    [''],
    ['connections', '54'],
    ['paths', '15,456'],
    ['encodings', '4,086,463,591,446,986,596,415,295,155,153,141,371,152,183,552'],
  ])
  expect(JSON.parse(await count('densenas-mobilenet-v2', { json: true }))).toEqual({
    connections: '54',
    paths: '15456',
    encodings: '4086463591446986596415295155153141371152183552',
  })
})

describe('errors say what to do', () => {
  test('an unknown network: the nearest name and all others', async () => {
    await expect(count('mobilenetv2', { input })).rejects.toMatchObject({
      code: 'not-found',
      fix: expect.stringMatching(/^did you mean mobilenet-v2\? Known: mobilenet-v2, .*dpc-top1/),
    })
  })

  test.each(['320x65', '320,65,129', '0x65x129', '320x65x129x1', '3x1.5x2', '3x9007199254740991x9', ''])(
    '--input %j',
    async (bad) => {
      await expect(count('aspp', { input: bad })).rejects.toMatchObject({ code: 'invalid-config' })
    },
  )

  test.each(['0', '-1', '2.5', 'many', '', '10001'])('--classes %j', async (classes) => {
    await expect(count('fpn-resnet-50', { input: '3x64x64', classes })).rejects.toMatchObject({
      code: 'invalid-config',
      fix: expect.stringContaining('whole number'),
    })
  })

  test('classes of what is no detector', async () => {
    await expect(count('resnet-50', { input: '3x64x64', classes: '20' })).rejects.toMatchObject({
      code: 'invalid-config',
      message: '--classes 20 changes nothing in resnet-50',
    })
  })

  test('a network without an input, which only a space can do without', async () => {
    await expect(count('aspp', {})).rejects.toMatchObject({ code: 'invalid-config' })
  })

  test('a folder, and a net_config with a fault', async () => {
    await expect(count(folder, { input })).rejects.toMatchObject({ code: 'invalid-genotype' })
    const faulty = file('faulty', "[[16, 16], 'mbconv_k3_t2', [], 0, 1]")
    await expect(count(faulty, { input: '3x32x32' })).rejects.toMatchObject({
      code: 'invalid-genotype',
      message: expect.stringMatching(/^net_config, entry 1: .*mbconv_k3_t2.*nearest is mbconv_k3_t1/),
    })
  })

  test.each([
    ['{', /broken\.json is not valid JSON: .*JSON/],
    ['\n[{"input": -1', /broken\.json is not valid JSON: .*JSON/],
    ['{}', /broken\.json: the key space must be one of "dpc", "densenas", "auto-fpn", "topformer"$/],
    ['{"branches": []}', /the key space must be one of "dpc", "densenas", "auto-fpn", "topformer"$/],
    ['{"space": "dcp"}', /the key space must be one of "dpc", "densenas", "auto-fpn", "topformer"$/],
    ['null', /the key space must be one of "dpc", "densenas", "auto-fpn", "topformer"$/],
    ['3', /the key space must be one of "dpc", "densenas", "auto-fpn", "topformer"$/],
    ['a network', /broken\.json holds no network in a notation that Trellis knows$/],
    ['', /broken\.json holds no network in a notation that Trellis knows$/],
  ])('a file of %j', async (text, message) => {
    await expect(count(file('broken.json', text), { input })).rejects.toMatchObject({
      code: 'invalid-genotype',
      message: expect.stringMatching(message),
      fix: 'give a network\'s genotype.json, a cell\'s deeplab.json, a DenseNAS net_config, or a TopFormer configuration ({"config": …})',
    })
  })

  test.each([
    [
      'of thousands of branches',
      {
        space: 'dpc',
        version: 1,
        branches: Array(15_000).fill({ input: -1, operation: { kind: 'conv1x1' } }),
      },
    ],
    [
      'of lists in lists',
      JSON.parse(`{"space": "dpc", "version": 1, "branches": ${'['.repeat(1000)}${']'.repeat(1000)}}`),
    ],
    [
      'of more channels than can be counted',
      { space: 'densenas', version: 1, stem: 2 ** 53 - 1, blocks: [], last: null },
    ],
    [
      'of thousands of blocks',
      {
        space: 'densenas',
        version: 1,
        stem: 16,
        blocks: Array(5000).fill({ width: 16, stride: 1, head: 'mbconv_k3_t1', stack: [] }),
        last: null,
      },
    ],
  ])('a network %s', async (_, network) => {
    await expect(count(file('network.json', JSON.stringify(network)), { input })).rejects.toMatchObject({
      code: 'invalid-genotype',
    })
  })

  test('a file in a notation that Trellis knows, by that notation', async () => {
    await expect(count(file('cell.json', '{"space": "dpc"}'), { input })).rejects.toMatchObject({
      code: 'invalid-genotype',
      message: expect.not.stringContaining('the key space'),
    })
  })
})
