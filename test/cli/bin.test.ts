import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bundle } from './trellis.ts'

const asNode = (version: string) =>
  spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`,
      bundle,
      '--version',
    ],
    { encoding: 'utf8' },
  )

test.each(['18.20.8', '20.8.1', '16.0.0'])(
  'Node %s is told to be too old, before anything else',
  (version) => {
    const { status, stdout, stderr } = asNode(version)
    expect(stderr).toMatch(
      /^trellis: this is Node [\d.]+, and Trellis needs 20\.9 or newer\n {2}fix: install .*\n$/,
    )
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  },
)

test.each(['20.9.0', '22.0.0'])('Node %s is not', (version) => {
  expect(asNode(version)).toMatchObject({ status: 0, stderr: '' })
})

test('nothing is imported before that', () => {
  expect(readFileSync(bundle, 'utf8')).not.toMatch(/^import [^(]/m)
})
