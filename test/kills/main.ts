import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { random } from '../../nas/random.ts'
import { TINY, TINY_AUTO_FPN, TINY_DENSENAS, TINY_TOPFORMER } from '../cli/tiny.ts'
import { bundlePlugIn } from '../plug-in/bundle.ts'
import { CONFIG } from '../plug-in/config.ts'
import { childrenOf, differencesOf } from './processes.ts'

/*
 * Kills real searches of every pipeline at random instants, the command line or one of its jobs, resumes them, and compares what
 * they leave with what a search leaves that nobody has killed: `npx tsx test/kills/main.ts [kills [seed [pipeline]]]`, after
 * `npm run build`.
 */

const kills = Number(process.argv[2] ?? 100)
const rng = random(Number(process.argv[3] ?? 0), 'kills')

interface Search {
  readonly program: string
  readonly config: string
  /** Long enough that a kill hits something. */
  readonly longer: readonly string[]
}

const BUILT = resolve('dist/trellis.js')
const SEARCHES: Readonly<Record<string, Search>> = {
  dpc: {
    program: BUILT,
    config: TINY,
    longer: ['backbone.pretrain.steps=20', 'proxy.steps=40', 'rerank.steps=20', 'rerank.baselines.aspp=true'],
  },
  densenas: {
    program: BUILT,
    config: TINY_DENSENAS,
    longer: ['search.epochs=10', 'retrain.epochs=6'],
  },
  'auto-fpn': {
    program: BUILT,
    config: TINY_AUTO_FPN,
    longer: [
      ...['backbone.pretrain.steps=10', 'search.steps=12', 'retrain.steps=10'],
      'baselines.evolution={population: 2, tournament: 2, evaluations: 3, perRound: 2, steps: 10}',
    ],
  },
  topformer: {
    program: BUILT,
    config: TINY_TOPFORMER,
    longer: ['supernet.steps=20', 'search.iterations=2', 'retrain.steps=20'],
  },
  perceptron: { program: await bundlePlugIn(), config: CONFIG, longer: [] },
}

function start(pipeline: string, folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [SEARCHES[pipeline]!.program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const ended = new Promise<{ readonly status: number | null; readonly stderr: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, stderr })),
  )
  return { child, ended }
}

const searchOf = (pipeline: string): readonly string[] => [
  ...['search', 'search.yaml', '--run', 'a'],
  ...SEARCHES[pipeline]!.longer.flatMap((setting) => ['--set', setting]),
]

function newFolder(pipeline: string): string {
  const folder = mkdtempSync(join(tmpdir(), `trellis-kills-${pipeline}-`))
  writeFileSync(join(folder, 'search.yaml'), SEARCHES[pipeline]!.config)
  return folder
}

let done = 0
let failures = 0

/** One search, killed until it ends all the same. */
async function harass(pipeline: string, whole: string, took: number): Promise<void> {
  const folder = newFolder(pipeline)
  // Measured again, latencies would differ.
  const latencies = join(whole, 'trellis-store/latencies')
  if (existsSync(latencies)) cpSync(latencies, join(folder, 'trellis-store/latencies'), { recursive: true })
  for (;;) {
    const isRecorded = existsSync(join(folder, 'trellis-store/runs/a/config.json'))
    const args = isRecorded ? ['resume', 'a'] : searchOf(pipeline)
    const { child, ended } = start(pipeline, folder, ...args)
    const moment = setTimeout(took * rng.uniform(), 'kill' as const)
    const first = done < kills ? await Promise.race([ended, moment]) : await ended
    if (first === 'kill') {
      const victims = [child.pid!, ...childrenOf(child.pid!)]
      const victim = victims[Math.floor(rng.uniform() * victims.length)]!
      process.kill(victim, 'SIGKILL')
      done++
      // A job that was killed is run again by the command line, which goes on.
      if (victim !== child.pid) child.kill('SIGTERM')
      await ended
      continue
    }
    if (first.status !== 0) report(pipeline, folder, `ended with ${first.status}: ${first.stderr.trim()}`)
    break
  }
  for (const difference of differencesOf(join(folder, 'trellis-store'), join(whole, 'trellis-store')))
    report(pipeline, folder, difference)
  if (failures === 0) rmSync(folder, { recursive: true })
}

function report(pipeline: string, folder: string, what: string): void {
  failures++
  console.log(`${pipeline} in ${folder}: ${what}`)
}

const pipelines = Object.keys(SEARCHES).filter((pipeline) => pipeline === (process.argv[4] ?? pipeline))
if (pipelines.length === 0) throw new Error(`no search of ${process.argv[4]}`)
for (let searches = 0; done < kills; searches++) {
  for (const pipeline of pipelines) {
    const whole = newFolder(pipeline)
    const began = performance.now()
    const { status, stderr } = await start(pipeline, whole, ...searchOf(pipeline)).ended
    if (status !== 0) throw new Error(stderr)
    await harass(pipeline, whole, performance.now() - began)
    rmSync(whole, { recursive: true })
    console.log(`${done} kills, ${searches + 1} searches of ${pipeline}, ${failures} differences`)
  }
}
process.exitCode = failures === 0 ? 0 : 1
