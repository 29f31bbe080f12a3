import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../cli/config-file.ts'
import { init } from '../../cli/init.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import { emptyFolder } from './trellis.ts'

const example = (name: string) =>
  readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), 'utf8')

test('writes a whole configuration that needs no data, names the next command and all other examples', () => {
  const folder = join(emptyFolder(), 'new')
  const told = init(folder, {})
  expect(readdirSync(folder)).toEqual(['dpc-street.yaml'])
  const file = join(folder, 'dpc-street.yaml')
  expect(readConfig(file).dataset.path).toBeUndefined()
  expect(told).toContain(`\n  trellis search ${file}\n`)
  for (const name of ['densenas-cifar10', 'densenas-tiny', 'dpc-camvid', 'dpc-cityscapes'])
    expect(told).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
})

test.each(contracts.all().map(([name]) => name))('writes one of the pipeline %s', (pipeline) => {
  const folder = emptyFolder()
  init(folder, { pipeline })
  const [file] = readdirSync(folder)
  expect(readConfig(join(folder, file!))).toMatchObject({ pipeline })
})

test('writes any example as it is, and says where a path is wanted', () => {
  const folder = emptyFolder()
  expect(init(folder, { example: 'dpc-camvid' })).toContain('dataset.path')
  expect(readFileSync(join(folder, 'dpc-camvid.yaml'), 'utf8')).toBe(example('dpc-camvid'))
})

test('replaces nothing', () => {
  const folder = emptyFolder()
  const file = join(folder, 'dpc-street.yaml')
  writeFileSync(file, 'mine')
  expect(() => init(folder, {})).toThrow(`${file} is there already`)
  expect(() => init(file, {})).toThrow(`${file} is a file`)
  expect(readFileSync(file, 'utf8')).toBe('mine')
})

test('names what there is where it is asked for what there is not', () => {
  const folder = emptyFolder()
  expect(() => init(folder, { example: 'dpc-stret' })).toThrow(
    expect.objectContaining({ code: 'not-found', fix: expect.stringContaining('did you mean dpc-street?') }),
  )
  expect(() => init(folder, { pipeline: 'resnet' })).toThrow(
    expect.objectContaining({ fix: expect.stringContaining('Known: densenas, dpc') }),
  )
  expect(readdirSync(folder)).toEqual([])
})
