import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../../../local/simulator/main.ts', import.meta.url))
const simulator = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', main, ...args], { encoding: 'utf8' })

describe('the simulator refuses in one line, with status 2,', () => {
  it.each([
    ['--seeds', '0'],
    ['--seed='],
    ['--first', '-1'],
    ['--seed', '1.5'],
    ['--pipeline', 'none'],
    ['--unknown'],
  ])('%s %s', (...args) => {
    const { status, stdout, stderr } = simulator(...args)
    expect(stderr).toMatch(/^error: .*option '--\w+.*\n$/)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})

it('the help of the simulator is no error', () => {
  expect(simulator('--help')).toMatchObject({ status: 0, stderr: '' })
})
