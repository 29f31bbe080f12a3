import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulate } from '../../local/simulator/simulate.ts'
import { parseConfig } from '../../nas/pipelines/parse-config.ts'
import type { Access } from '../../pipelines/pipeline.ts'
import { sharedFunctions } from '../../pipelines/shared.ts'
import { listOf, statementsOf, templateOf } from '../infra/deployment.ts'
import { rightsIn } from '../infra/rights.ts'
import { bundlePlugIn } from './bundle.ts'
import { CONFIG } from './config.ts'
import { definition } from './definition.ts'
import './register.ts'

/* A whole pipeline that does not come with Trellis: all that tells Trellis of it is ./register.ts. */

let program: string
const folders: string[] = []
beforeAll(async () => {
  program = await bundlePlugIn()
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function trellis(folder: string, ...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text) => {
      said[stream] += text
    })
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ ...said, status })))
  return { child, ended }
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-plug-in-'))
  folders.push(folder)
  writeFileSync(join(folder, 'search.yaml'), CONFIG)
  return folder
}

const runFolder = (folder: string) => join(folder, 'trellis-store/runs/a')
const found = (folder: string) =>
  ['widths.json', 'ranking.json', 'decoded/model.onnx'].map((file) =>
    readFileSync(join(runFolder(folder), file), 'latin1'),
  )

/** What a role is allowed on the store by what its definition states. */
const statedRights = ({ reads, writes, deletes = [] }: Access): readonly string[] => [
  's3:ListBucket ',
  ...reads.map((keys) => `s3:GetObject ${keys}`),
  ...writes.flatMap((keys) => [`s3:PutObject ${keys}`, `s3:AbortMultipartUpload ${keys}`]),
  ...deletes.map((keys) => `s3:DeleteObject ${keys}`),
]

describe('a pipeline that was plugged in', () => {
  it('is searched on this computer and reported; killed and resumed, it ends with the same bytes', async () => {
    const whole = emptyFolder()
    const searched = await trellis(whole, 'search', 'search.yaml', '--run', 'a').ended
    expect(searched).toMatchObject({ status: 0, stdout: expect.stringMatching(/width \d+ is best/) })
    const report = readFileSync(join(runFolder(whole), 'report.html'), 'utf8')
    expect(report).toMatch(/A first layer of \d+ channels reaches [\d.]+ % top-1/)
    expect(report).toContain('Training widths')

    const killed = emptyFolder()
    const { child, ended } = trellis(killed, 'search', 'search.yaml', '--run', 'a')
    while (!existsSync(join(runFolder(killed), 'starts'))) await setTimeout(10)
    child.kill('SIGKILL')
    await ended
    expect(existsSync(join(runFolder(killed), 'ranking.json'))).toBe(false)
    expect(await trellis(killed, 'resume', 'a').ended).toMatchObject({ status: 0 })
    expect(found(killed)).toEqual(found(whole))
  })

  it('says what is wrong with its configuration, in the words of its schema', () => {
    const raw = { pipeline: 'perceptron', dataset: { kind: 'shapes' }, widht: [4] }
    expect(() => parseConfig(raw, 'search.yaml')).toThrow('unknown key widht, did you mean widths?')
    expect(() => parseConfig({ pipeline: 'perceptro' }, 'search.yaml')).toThrow('perceptron')
  })

  it('is synthesized with its machine, its functions and its jobs, and with exactly the rights that it states', () => {
    const template = templateOf({ cards: ['t4'] })
    const named = JSON.stringify(template.toJSON())
    for (const name of ['trellis-perceptron-choose', 'trellis-perceptron-conclude', 'trellis-t4-perceptron'])
      expect(named).toContain(`"${name}"`)
    const parts: readonly (readonly [string, Access])[] = [
      ...Object.entries(definition.functions).map(([name, access]) => [`perceptron${name}`, access] as const),
      ...Object.entries(definition.jobs).map(([name, access]) => [`perceptron${name}`, access] as const),
    ]
    const rights = rightsIn(
      template,
      parts.map(([role]) => role),
    )
    for (const [role, access] of parts) {
      const allowed = rights.get(role)!.map(({ action, keys }) => `${action} ${keys}`)
      expect(allowed.sort(), role).toEqual([...statedRights(access)].sort())
    }
    // Its machine calls its own two functions and the shared one of the failures and the end, and submits its one job.
    const calls = statementsOf(template)
      .filter(([id]) => id.startsWith('Machinest4perceptron'))
      .flatMap(([, { Action, Resource }]) =>
        listOf(Action).includes('lambda:InvokeFunction') ? listOf(Resource) : [],
      )
    expect(calls).toHaveLength(Object.keys({ ...definition.functions, ...sharedFunctions }).length)
  })

  it.each(Array.from({ length: 10 }, (_, i) => i))(
    'keeps every promise under faults: ten seeds from %i0',
    async (ten) => {
      for (let seed = 10 * ten; seed < 10 * (ten + 1); seed++) {
        const { violations, trials } = await simulate('perceptron', seed)
        expect({ seed, violations }).toEqual({ seed, violations: [] })
        expect(trials).toBeGreaterThan(0)
      }
    },
  )
})
