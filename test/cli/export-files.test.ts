import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportModel } from '../../cli/export.ts'
import { emptyFolder } from './trellis.ts'

test('files of an export are checked before the run is looked at', async () => {
  const folder = emptyFolder()
  const mine = join(folder, 'search.yaml')
  writeFileSync(mine, 'mine')
  await expect(exportModel('a', { onnx: '' })).rejects.toMatchObject({
    message: '--onnx names no file',
    fix: 'give --onnx a file',
  })
  await expect(exportModel('a', { onnx: mine })).rejects.toMatchObject({
    message: `${mine} is there already, and is not overwritten`,
    fix: expect.stringContaining('--onnx'),
  })
  expect(readFileSync(mine, 'utf8')).toBe('mine')
  await expect(exportModel('a', { onnx: join(mine, 'x.onnx') })).rejects.toMatchObject({
    fix: expect.stringMatching(/^a file is where a folder is needed.* with --onnx$/),
  })
  await expect(exportModel('a', { weights: join(folder, 'w'), input: '48x64' })).rejects.toThrow(
    '--input 48x64 changes nothing in weights',
  )
})
