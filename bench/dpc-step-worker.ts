import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import { dpcHead, PROXY_TASK } from './dpc-head.ts'

/*
 * One trial of the benchmark in bench/dpc-step.ts: the head of DPC top-1 on cached features, one thread. Warms up, waits
 * for a line on standard input, prints the seconds of each step and the peak memory in bytes as JSON.
 */

const [warmUp, steps] = process.argv.slice(2).map(Number) as [number, number]
const head = dpcHead(PROXY_TASK)
const engine = await onnxRuntime({ threads: 1 })
const program = await engine.compile(head.graph)
const state = engine.state(head.start())

async function step(number: number): Promise<number> {
  const start = performance.now()
  await program.run(state, head.inputs(number))
  return (performance.now() - start) / 1000
}

for (let i = 0; i < warmUp; i++) await step(i)
console.log('ready')
await new Promise((resolve) => process.stdin.once('data', resolve))
const seconds: number[] = []
for (let i = 0; i < steps; i++) seconds.push(await step(warmUp + i))
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }))
process.exit()
