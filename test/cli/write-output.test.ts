import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { targetOf, writeOutput } from '../../cli/write-output.ts'
import { emptyFolder } from './trellis.ts'

const bytes = new TextEncoder().encode('model')

test.each([
  ['a file', () => {}],
  ['nothing', (folder: string) => writeFileSync(join(folder, 'target'), 'old')],
])('a link stays a link, and what it leads to is written, also over %s', async (_, prepare) => {
  const folder = emptyFolder()
  prepare(folder)
  mkdirSync(join(folder, 'links'))
  symlinkSync('../target', join(folder, 'links', 'first'))
  symlinkSync(join(folder, 'links', 'first'), join(folder, 'second'))
  await writeOutput(join(folder, 'second'), bytes, '--onnx')
  expect(lstatSync(join(folder, 'second')).isSymbolicLink()).toBe(true)
  expect(lstatSync(join(folder, 'links', 'first')).isSymbolicLink()).toBe(true)
  expect(lstatSync(join(folder, 'target')).isFile()).toBe(true)
  expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('model')
})

test.each(['device', 'pipe', 'folder', 'link to a device'])('a %s is not replaced', async (kind) => {
  const folder = emptyFolder()
  const path = join(folder, 'output')
  if (kind === 'folder') mkdirSync(path)
  else if (kind === 'pipe') execFileSync('mkfifo', [path])
  else if (kind === 'link to a device') symlinkSync('/dev/null', path)
  const output = kind === 'device' ? '/dev/null' : path
  await expect(writeOutput(output, bytes, '--onnx')).rejects.toMatchObject({
    code: 'invalid-config',
    message: `${output} is no file, and is not replaced by one`,
  })
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
})

test('links in a circle are told so', async () => {
  const folder = emptyFolder()
  symlinkSync('b', join(folder, 'a'))
  symlinkSync('a', join(folder, 'b'))
  await expect(writeOutput(join(folder, 'a'), bytes, '--onnx')).rejects.toThrow('leads back to itself')
})

test('one file has one target, however its path is written', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'models'))
  symlinkSync('models', join(folder, 'linked'))
  expect(await targetOf(join(folder, 'linked', 'a'))).toBe(await targetOf(join(folder, 'models', 'a')))
})

test.each([
  ['a folder that cannot be made', '/proc/x.onnx', 'name a place that can be made with --onnx'],
  ['too long a name', join('/tmp', `${'n'.repeat(250)}.onnxruntime`), 'shorten its name'],
])('%s is told with the option that names it, and no store', async (_, path, fix) => {
  const refused = await writeOutput(path, bytes, '--onnx').catch((error) => error)
  expect(refused).toMatchObject({ code: 'store-failed', fix: expect.stringContaining(fix) })
  expect(refused.fix).not.toMatch(/store|resume/)
})
