import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import { dpcHead, PROXY_TASK } from './dpc-head.ts'
import { timed } from './timed.ts'

/* One trial of the benchmark in bench/dpc-step.ts: the head of DPC top-1 on cached features, one thread. */

const [warmUp, steps] = process.argv.slice(2).map(Number) as [number, number]
const engine = await onnxRuntime({ threads: 1 })
const head = dpcHead(PROXY_TASK, engine.rewrites)
const program = await engine.compile(head.graph)
const state = engine.state(head.start())

await timed((number) => program.run(state, head.inputs(number)), warmUp, steps)
