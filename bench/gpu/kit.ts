import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cardName } from './card.ts'

/*
 * All measurements of a card, one after the other, each with its own time limit: together they end within six minutes.
 *
 *     node kit.js [--provider cuda|cpu] [measurement …]
 */

const LIMITS = {
  operations: 90,
  resume: 40,
  headSpeed: 70,
  phases: 40,
  supernetSpeed: 55,
  search: 65,
} as const

const { values, positionals } = parseArgs({
  options: { provider: { type: 'string', default: 'cuda' } },
  allowPositionals: true,
})
const card = cardName()
console.log(`card: ${card ?? 'none'}; kernels of ${values.provider}; node ${process.version}`)
if (values.provider === 'cuda' && card === undefined)
  console.log('nvidia-smi finds no card: --provider cpu tries the kit without one')

const outcomes: string[] = []
for (const [name, limit] of Object.entries(LIMITS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  console.log(`\n== ${name}, at most ${limit} s`)
  const began = performance.now()
  const outcome = await measured(name, limit)
  outcomes.push(`${name}: ${outcome}, ${((performance.now() - began) / 1000).toFixed(0)} s`)
}
console.log(`\n== summary\n${outcomes.join('\n')}`)

function measured(name: string, limit: number): Promise<string> {
  const program = fileURLToPath(new URL('measure.js', import.meta.url))
  const child = spawn(process.execPath, [program, name], {
    stdio: 'inherit',
    // A process group of its own, so that its children end with it.
    detached: true,
    env: { ...process.env, KIT_PROVIDER: values.provider },
  })
  return new Promise((resolve) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      process.kill(-child.pid!, 'SIGKILL')
    }, 1000 * limit)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (isLate) resolve(`stopped at its limit of ${limit} s`)
      else resolve(code === 0 ? 'done' : `failed (${signal ?? code})`)
    })
  })
}
