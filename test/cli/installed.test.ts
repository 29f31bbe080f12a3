import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../cli/version.ts'
import { emptyFolder, writeConfig } from './trellis.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** An install script that downloads with global-agent, as that of onnxruntime-node, reaches nothing. */
const REGISTRY_ALONE = { ...process.env, GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9' }

function run(cwd: string, program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', env: REGISTRY_ALONE })
  expect(status, `${program} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0)
  return stdout
}

const reached = spawnSync('npm', ['ping', '--fetch-retries=0'], { timeout: 20_000 }).status === 0
if (!reached) console.warn('npm’s registry does not answer: the package is not installed here')

describe.skipIf(!reached)('the package, installed where nothing but npm’s registry is reached', () => {
  const prefix = emptyFolder(afterAll)
  const trellis = (cwd: string, ...args: string[]) => run(cwd, join(prefix, 'bin/trellis'), ...args)

  beforeAll(() => {
    // What is built lies there: other tests run it meanwhile.
    run(root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', prefix)
    run(prefix, 'npm', 'install', '--global', '--prefix', prefix, `./trellis-nas-${version}.tgz`)
  }, 600_000)

  test('searches from an empty folder, to a report and a model', () => {
    const folder = emptyFolder()
    const told = trellis(folder, 'search', writeConfig(folder), '--run', 'first')
    expect(told).toContain('Run first is finished')
    const files = readdirSync(join(folder, 'trellis-store/runs/first'), { recursive: true })
    expect(files).toEqual(expect.arrayContaining(['report.html', 'decoded/model.onnx']))
  }, 120_000)

  test('knows its version, and has the examples and the docs', () => {
    const folder = emptyFolder()
    expect(trellis(folder, '--version')).toMatch(version)
    const [docs] = /^\S+config\.md/m.exec(trellis(folder, 'init'))!
    expect(existsSync(docs)).toBe(true)
    expect(trellis(folder, 'estimate', 'dpc-street.yaml')).toContain('total')
  })

  test('says before anything else that a deployment needs a checkout', () => {
    const { status, stderr } = spawnSync(join(prefix, 'bin/trellis'), ['deploy'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toContain('needs a checkout')
  })
})
