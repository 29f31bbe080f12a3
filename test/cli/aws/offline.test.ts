import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HANG_MS } from '../../hang.ts'
import { emptyFolder, writeConfig } from '../trellis.ts'
import { deployedText } from './fake-cloud.ts'

/*
 * The commands as a user has them who is not signed in, or not on the network: one line, what to do, status 2, at once. Each
 * starts with an empty environment, so that none finds the credentials of whoever runs this.
 */

const bundle = fileURLToPath(new URL('../../../dist/trellis.js', import.meta.url))

interface Ended {
  readonly status: number | null
  readonly stderr: string
}

function trellis(
  cwd: string,
  environment: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ended> {
  const env = { HOME: cwd, PATH: process.env.PATH, ...environment }
  const child = spawn(process.execPath, [bundle, ...args], { cwd, env, timeout: HANG_MS })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stderr }))
  })
}

function isDeployed(folder: string): void {
  const deployments = join(folder, '.config', 'trellis', 'deployments', '123456789012', 'eu-west-1')
  mkdirSync(deployments, { recursive: true })
  writeFileSync(join(deployments, 'trellis.json'), deployedText)
}

const expectLine = ({ status, stderr }: Ended, line: string | RegExp) => {
  expect(stderr).toMatch(line)
  expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  expect(stderr).toMatch(/^trellis: .+\n {2}fix: .+\n$/)
  expect(status).toBe(2)
}

const NO_METADATA = { AWS_EC2_METADATA_DISABLED: 'true' }
const EMPTY_REGION = { AWS_REGION: '', AWS_DEFAULT_REGION: '' }

describe('without a deployment, on a computer that cannot ask for one', () => {
  test.each([
    ['status'],
    ['watch', 'x'],
    ['stop', 'x'],
    ['cost', 'x', '--aws'],
    ['resume', 'x', '--aws'],
    ['schedule', '--list'],
    ['destroy'],
  ])('trellis %s', async (...args) => {
    expectLine(await trellis(emptyFolder(), NO_METADATA, ...args), 'no AWS region is set')
  })

  test.each([
    [['status'], 'trellis list tells how it is, trellis report a-1 how far it has got'],
    [['watch'], 'trellis list tells how it is, trellis report a-1 how far it has got'],
    [['stop'], 'press Ctrl-C where it runs'],
    [['schedule', '--off'], 'trellis rerank a-1'],
    [['cost', '--aws'], 'leave --aws out'],
    [['resume', '--aws'], 'leave --aws out'],
    [['rerank', '--aws'], 'leave --aws out'],
    [['report', '--aws'], 'leave --aws out'],
  ])('trellis %j of a run on this computer says that it is here', async ([command, ...options], fix) => {
    const folder = emptyFolder()
    const run = join(folder, 'trellis-store/runs/a-1')
    mkdirSync(run, { recursive: true })
    writeFileSync(join(run, 'config.json'), '{}')
    const ended = await trellis(folder, NO_METADATA, command!, 'a-1', ...options)
    expectLine(ended, /^trellis: run a-1 is on this computer, in .*trellis-store, and not on AWS$/m)
    expect(ended.stderr).toContain(fix)
  })

  test.each([
    ['without a region', {}],
    ['with an empty one', EMPTY_REGION],
  ])('search --aws, %s', async (_, environment) => {
    const folder = emptyFolder()
    const config = writeConfig(folder)
    expectLine(
      await trellis(folder, { ...NO_METADATA, ...environment }, 'search', config, '--aws'),
      'no AWS region is set',
    )
  })
})

describe('without a region', () => {
  test.each([['deploy'], ['doctor'], ['prices', 'refresh']])('trellis %s', async (...args) => {
    expectLine(await trellis(emptyFolder(), NO_METADATA, ...args), 'no AWS region is set')
  })
})

describe('with an empty region, which is none', () => {
  test.each([['status'], ['deploy'], ['doctor']])('trellis %s', async (...args) => {
    const ended = await trellis(emptyFolder(), { ...NO_METADATA, ...EMPTY_REGION }, ...args)
    expectLine(ended, 'no AWS region is set')
  })
})

describe('without credentials', () => {
  const environment = { ...NO_METADATA, AWS_REGION: 'eu-west-1' }

  test.each([['deploy'], ['doctor'], ['prices', 'refresh']])('trellis %s', async (...args) => {
    const ended = await trellis(emptyFolder(), environment, ...args)
    expectLine(ended, 'no AWS credentials are to be found')
  })

  test.each([['status'], ['schedule', '--list'], ['destroy'], ['watch', 'x']])(
    'in a deployment: trellis %s',
    async (...args) => {
      const folder = emptyFolder()
      isDeployed(folder)
      expectLine(await trellis(folder, environment, ...args), 'no AWS credentials are to be found')
    },
  )

  test('where the metadata of an instance is asked for and silent, it does not hang', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      silent.closeAllConnections()
      silent.close()
    })
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const ended = await trellis(
      emptyFolder(),
      { AWS_REGION: 'eu-west-1', AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint },
      'doctor',
    )
    expectLine(ended, 'no AWS credentials are to be found')
  })
})

describe('what cannot be meant is said before AWS is asked', () => {
  test.each([
    [['schedule', 'x', 'nightly'], 'no cron expression'],
    [['schedule'], 'schedule what'],
    [['deploy', 'missing.yaml'], 'missing.yaml'],
  ])('trellis %j', async (args, line) => {
    expectLine(await trellis(emptyFolder(), {}, ...args), line)
  })

  test.each([
    [['watch'], "missing required argument 'run'"],
    [['prices', 'guess'], 'Allowed choices are refresh'],
    [['search', 'x.yaml', '--aws', '--store', 'y'], "'--aws' cannot be used with option '--store"],
  ])('trellis %j', async (args, line) => {
    const { status, stderr } = await trellis(emptyFolder(), {}, ...args)
    expect(stderr).toContain(line)
    expect(status).toBe(2)
  })
})
