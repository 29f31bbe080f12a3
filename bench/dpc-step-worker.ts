import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import { random } from '../nas/random.ts'
import { DROPPED_ONE_IN } from '../nas/spaces/dpc/cell.ts'
import { KNOWN_CELLS } from '../nas/spaces/dpc/known.ts'
import { networkFor } from '../nas/spaces/dpc/network.ts'
import { float32, int32, sizeOf } from '../nas/tensor.ts'
import { initialise } from '../nas/training/initialise.ts'
import { dropoutNoise } from '../nas/training/noise.ts'
import { segmentationStep } from '../nas/training/segmentation.ts'
import { sgd } from '../nas/training/sgd.ts'

/*
 * One trial of the benchmark in bench/dpc-step.ts: the head of DPC top-1 on cached features, one thread. Warms up, waits
 * for a line on standard input, prints the seconds of each step and the peak memory in bytes as JSON.
 */

const [warmUp, steps] = process.argv.slice(2).map(Number) as [number, number]
const shape = [8, 320, 33, 33] as const
const [batch, , height, width] = shape
const classes = 19

const network = networkFor(KNOWN_CELLS['dpc-top1'], {
  input: 'features',
  backbone: { network: 'mobilenet-v2', width: 1, outputStride: 16 },
  cell: { filters: 256, pyramidPooling: 'grid' },
  classes,
  size: [height, width],
})
const engine = await onnxRuntime({ threads: 1 })
const graph = segmentationStep(
  { network, input: { name: 'features', shape }, labels: [height, width] },
  sgd({ momentum: 0.9, weightDecay: 4e-5 }),
  30_000,
)
const program = await engine.compile(graph)
const state = engine.state(initialise(graph.parameters, 0))
const rng = random(0, 'bench')
const features = float32(
  shape,
  Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
)
const labelShape = [batch, height, width]
const labels = int32(
  labelShape,
  Int32Array.from({ length: sizeOf(labelShape) }, () => rng.integer(classes)),
)

async function step(number: number): Promise<number> {
  const start = performance.now()
  const noise = dropoutNoise({
    shape: [batch, 5 * 256, height, width],
    oneIn: DROPPED_ONE_IN,
    seed: 0,
    step: number,
  })
  await program.run(state, { features, labels, learningRate: float32([], [0.01]), ...noise })
  return (performance.now() - start) / 1000
}

for (let i = 0; i < warmUp; i++) await step(i)
console.log('ready')
await new Promise((resolve) => process.stdin.once('data', resolve))
const seconds: number[] = []
for (let i = 0; i < steps; i++) seconds.push(await step(warmUp + i))
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }))
process.exit()
