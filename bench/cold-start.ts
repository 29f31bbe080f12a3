import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pipelines } from '../functions/index.ts'
import { sharedFunctions } from '../pipelines/shared.ts'

/*
 * What a Lambda function takes to load: the median over fresh processes, less that of a process that loads nothing.
 * Run after `npm run build`: npx tsx bench/cold-start.ts
 */

const FOLDER = resolve('dist/functions')
const RUNS = 9

function milliseconds(code: string, address = ''): number {
  const env = {
    ...process.env,
    TRELLIS_STORE: 's3://bucket',
    TRELLIS_FUNCTION: address,
    AWS_REGION: 'us-east-1',
  }
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now()
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, stdio: 'ignore' })
    return performance.now() - started
  })
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!
}

const nothing = milliseconds('')
console.log(`node itself: ${nothing.toFixed(0)} ms`)

function report(name: string, program: string, address?: string): void {
  const url = JSON.stringify(join(FOLDER, program, 'index.mjs'))
  const loaded = milliseconds(`await import(${url})`, address)
  console.log(`${name.padEnd(24)}${(loaded - nothing).toFixed(0).padStart(5)} ms`)
}

for (const name of Object.keys(sharedFunctions)) report(name, 'handler', name)
for (const [pipeline, { definition }] of pipelines.all())
  for (const name of Object.keys(definition.functions))
    report(`${pipeline}/${name}`, 'handler', `${pipeline}/${name}`)
report('queue-depth', 'queue-depth')
