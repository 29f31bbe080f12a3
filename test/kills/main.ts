import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { random } from '../../nas/random.ts'
import { bundlePlugIn } from '../plug-in/bundle.ts'
import { childrenOf, differencesOf } from './processes.ts'

/*
 * Kills real searches of every pipeline at random instants, the command line or one of its jobs, resumes them, and compares what
 * they leave with what a search leaves that nobody has killed: `npx tsx test/kills/main.ts [kills] [seed]`, after `npm run build`.
 */

const kills = Number(process.argv[2] ?? 100)
const rng = random(Number(process.argv[3] ?? 0), 'kills')

const shapes = 'dataset: { kind: shapes, images: 60, validation: 20, size: 16 }'
const CONFIGS: Readonly<Record<string, string>> = {
  dpc: `
pipeline: dpc
dataset: { kind: street, images: 4, validation: 2, height: 32, width: 64 }
backbone: { width: 0.1, pretrain: { steps: 20, batch: 2, crop: [33, 33] } }
space: { branches: 2, filters: 8 }
proxy: { steps: 40, batch: 2, crop: [33, 33], views: 1 }
search: { perRound: 2, trialsPerJob: 2 }
rerank: { top: 2, steps: 20, batch: 2, crop: [33, 33], baselines: { aspp: true, random: 0 } }
budget: { trials: 4 }
`,
  densenas: `
pipeline: densenas
${shapes}
image: 16
space:
  operations: [mbconv_k3_t3, mbconv_k5_t3]
  stages:
    - { stride: 2, widths: [8], layers: 0 }
    - { stride: 4, widths: [16, 24], layers: 1 }
  reach: 2
  last: 16
search: { epochs: 10, architectureFrom: 2, batch: 5, cost: { batch: 2 } }
retrain: { epochs: 6, batch: 10 }
baselines: { random: 1, mobileNetV2: false }
`,
  perceptron: `
pipeline: perceptron
${shapes}
widths: [2, 4, 8]
steps: 300
`,
}

const program: Readonly<Record<string, string>> = {
  dpc: 'dist/trellis.js',
  densenas: 'dist/trellis.js',
  perceptron: await bundlePlugIn(),
}

function start(pipeline: string, folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [resolve(program[pipeline]!), ...args], {
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

function newFolder(pipeline: string): string {
  const folder = mkdtempSync(join(tmpdir(), `trellis-kills-${pipeline}-`))
  writeFileSync(join(folder, 'search.yaml'), CONFIGS[pipeline]!)
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
    const args = isRecorded ? ['resume', 'a'] : ['search', 'search.yaml', '--run', 'a']
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

for (let searches = 0; done < kills; searches++) {
  for (const pipeline of Object.keys(CONFIGS)) {
    const whole = newFolder(pipeline)
    const began = performance.now()
    const { status, stderr } = await start(pipeline, whole, 'search', 'search.yaml', '--run', 'a').ended
    if (status !== 0) throw new Error(stderr)
    await harass(pipeline, whole, performance.now() - began)
    rmSync(whole, { recursive: true })
    console.log(`${done} kills, ${searches + 1} searches of ${pipeline}, ${failures} differences`)
  }
}
process.exitCode = failures === 0 ? 0 : 1
