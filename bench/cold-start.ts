import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/*
 * What a Lambda function takes to load: the median over fresh processes, less that of a process that loads nothing.
 * Run after `npm run build`: npx tsx bench/cold-start.ts
 */

const FOLDER = resolve('dist/functions')
const RUNS = 9

const environment = { ...process.env, TRELLIS_STORE: 's3://bucket', AWS_REGION: 'us-east-1' }

function milliseconds(code: string): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now()
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { env: environment, stdio: 'ignore' })
    return performance.now() - started
  })
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!
}

const nothing = milliseconds('')
console.log(`node itself: ${nothing.toFixed(0)} ms`)
for (const name of readdirSync(FOLDER)) {
  const loaded = milliseconds(`await import(${JSON.stringify(join(FOLDER, name, 'index.mjs'))})`)
  console.log(`${name.padEnd(16)}${(loaded - nothing).toFixed(0).padStart(5)} ms`)
}
