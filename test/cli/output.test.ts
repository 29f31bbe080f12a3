import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bundle, emptyFolder, writeConfig } from './trellis.ts'

/** @param output what standard output is */
function run(output: string, args: readonly string[]) {
  const stdout = openSync(output, 'w')
  const { status, stderr } = spawnSync(process.execPath, [bundle, ...args], {
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(stdout)
  return { status, stderr }
}

const COUNT = ['count', 'mobilenet-v2', '--input', '3x224x224']

test.each([
  ['count', COUNT],
  ['estimate', ['estimate', 'search.yaml']],
  ['help', ['--help']],
])('what cannot be printed is no success: %s', (command, args) => {
  const config = writeConfig(emptyFolder())
  expect(run('/dev/full', command === 'estimate' ? ['estimate', config] : args)).toEqual({
    status: 1,
    stderr: 'trellis: cannot write to standard output: ENOSPC\n',
  })
})

test('a reader that is gone is no failure', () => {
  const command = [process.execPath, bundle, ...COUNT].map((part) => `'${part}'`).join(' ')
  const { stdout, stderr } = spawnSync('bash', ['-c', `${command} | true; echo "\${PIPESTATUS[0]}"`], {
    encoding: 'utf8',
  })
  expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' })
})
