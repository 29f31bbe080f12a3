import { availableParallelism } from 'node:os'
import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import type { Phase } from '../nas/spaces/densenas/search/schedule.ts'
import { densenasSupernet, warmUpOf } from './densenas-supernet.ts'

/*
 * The supernet of bench/densenas-step.ts: every step samples anew, on all cores. Warms up until all operations have been
 * compiled, waits for a line on standard input, prints the seconds of each step and the peak memory in bytes as JSON.
 */

const [phase, steps] = [process.argv[2] as Phase, Number(process.argv[3])]
const engine = await onnxRuntime({ threads: availableParallelism(), manyPrograms: true })
const run = densenasSupernet(engine, phase)

async function step(number: number): Promise<number> {
  const start = performance.now()
  await run(number)
  return (performance.now() - start) / 1000
}

const warmUp = warmUpOf(phase)
for (let i = 0; i < warmUp; i++) await step(i)
console.log('ready')
await new Promise((resolve) => process.stdin.once('data', resolve))
const seconds: number[] = []
for (let i = 0; i < steps; i++) seconds.push(await step(warmUp + i))
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }))
process.exit()
