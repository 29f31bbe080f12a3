import { availableParallelism } from 'node:os'
import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import { random } from '../nas/random.ts'
import { DENSENAS_SPACES } from '../nas/spaces/densenas/presets.ts'
import { relax } from '../nas/spaces/densenas/relaxation.ts'
import { initialArchitecture } from '../nas/spaces/densenas/search/architecture-step.ts'
import { supernetParameters } from '../nas/spaces/densenas/search/graphs.ts'
import { gated, sampleOperations } from '../nas/spaces/densenas/search/sample.ts'
import type { Phase } from '../nas/spaces/densenas/search/schedule.ts'
import { supernetSteps } from '../nas/spaces/densenas/search/steps.ts'
import { supernet } from '../nas/spaces/densenas/supernet.ts'
import { float32, int32 } from '../nas/tensor.ts'
import { initialise } from '../nas/training/initialise.ts'
import { sgd } from '../nas/training/sgd.ts'

/*
 * The supernet of bench/densenas-step.ts: every step samples anew, on all cores. Warms up until all operations have been
 * compiled, waits for a line on standard input, prints the seconds of each step and the peak memory in bytes as JSON.
 */

const [phase, steps] = [process.argv[2] as Phase, Number(process.argv[3])]
const space = DENSENAS_SPACES['densenas-cifar']
const task = { batch: 64, image: 32, classes: 10 }

const net = supernet(space, task)
const options = {
  supernet: net,
  optimiser: sgd({ momentum: 0.9, weightDecay: 4e-5 }),
  labelSmoothing: 0,
}
const engine = await onnxRuntime({ threads: availableParallelism(), manyPrograms: true })
const state = engine.state(initialise(supernetParameters(options), 0))
const trained = supernetSteps(engine, state, options)
const relaxation = relax(initialArchitecture(space).parameters)

const rng = random(0, 'bench')
const { batch, image, classes } = task
const inputs = {
  image: float32(
    [batch, 3, image, image],
    Float32Array.from({ length: batch * 3 * image * image }, () => rng.normal()),
  ),
  labels: int32(
    [batch],
    Int32Array.from({ length: batch }, () => rng.integer(classes)),
  ),
  learningRate: float32([], [0.01]),
}

async function step(number: number): Promise<number> {
  const start = performance.now()
  const sample = sampleOperations(relaxation, phase === 'weights' ? 1 : 2, random(0, 'operations', number))
  await trained.run(phase, gated(net, relaxation, sample), inputs)
  return (performance.now() - start) / 1000
}

/** After so many, hardly an operation has not been sampled. */
const WARM_UP = phase === 'weights' ? 25 : 12
for (let i = 0; i < WARM_UP; i++) await step(i)
console.log('ready')
await new Promise((resolve) => process.stdin.once('data', resolve))
const seconds: number[] = []
for (let i = 0; i < steps; i++) seconds.push(await step(WARM_UP + i))
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }))
process.exit()
