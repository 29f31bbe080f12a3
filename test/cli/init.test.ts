import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../cli/config-file.ts'
import { init } from '../../cli/init.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import { emptyFolder } from './trellis.ts'

const example = (name: string) =>
  readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), 'utf8')

test('writes a whole configuration that needs no data, names the next command and all other examples', async () => {
  const folder = join(emptyFolder(), 'new')
  const told = await init(folder, {})
  expect(readdirSync(folder)).toEqual(['dpc-street.yaml'])
  const file = join(folder, 'dpc-street.yaml')
  expect(readConfig(file).dataset.path).toBeUndefined()
  expect(told).toContain(`\n  trellis search ${file}\n`)
  for (const name of ['densenas-cifar10', 'densenas-tiny', 'dpc-camvid', 'dpc-cityscapes'])
    expect(told).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
})

test.each(contracts.all().map(([name]) => name))('writes one of the pipeline %s', async (pipeline) => {
  const folder = emptyFolder()
  await init(folder, { pipeline })
  const [file] = readdirSync(folder)
  expect(readConfig(join(folder, file!))).toMatchObject({ pipeline })
})

test('writes any example as it is, and says where a path is wanted', async () => {
  const folder = emptyFolder()
  expect(await init(folder, { example: 'dpc-camvid' })).toContain('dataset.path')
  expect(readFileSync(join(folder, 'dpc-camvid.yaml'), 'utf8')).toBe(example('dpc-camvid'))
})

test('replaces nothing', async () => {
  const folder = emptyFolder()
  const file = join(folder, 'dpc-street.yaml')
  writeFileSync(file, 'mine')
  await expect(init(folder, {})).rejects.toThrow(`${file} is there already`)
  await expect(init(file, {})).rejects.toThrow(`${file} is a file`)
  expect(readFileSync(file, 'utf8')).toBe('mine')
})

test('names what there is where it is asked for what there is not', async () => {
  const folder = emptyFolder()
  await expect(init(folder, { example: 'dpc-stret' })).rejects.toThrow(
    expect.objectContaining({ code: 'not-found', fix: expect.stringContaining('did you mean dpc-street?') }),
  )
  await expect(init(folder, { pipeline: 'resnet' })).rejects.toThrow(
    expect.objectContaining({ fix: expect.stringContaining('Known: auto-fpn, densenas, dpc, topformer') }),
  )
  expect(readdirSync(folder)).toEqual([])
})

test.each([
  ['under a file system that makes no folders', '/proc/x/y', 'name a place that can be made'],
  ['below a device', '/dev/null/x', 'a file is where a folder is needed'],
])('a folder that cannot be made, %s, is refused', async (_, folder, fix) => {
  await expect(init(folder, {})).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringContaining(`cannot write ${folder}/dpc-street.yaml`),
    fix: expect.stringContaining(fix),
  })
})
