import { availableParallelism } from 'node:os'
import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import type { Phase } from '../nas/spaces/densenas/search/schedule.ts'
import { densenasSupernet, warmUpOf } from './densenas-supernet.ts'
import { timed } from './timed.ts'

/*
 * The supernet of bench/densenas-step.ts: every step samples anew, on all cores. Warms up until all operations have been
 * compiled.
 */

const [phase, steps] = [process.argv[2] as Phase, Number(process.argv[3])]
const engine = await onnxRuntime({ threads: availableParallelism(), manyPrograms: true })
await timed(densenasSupernet(engine, phase), warmUpOf(phase), steps)
