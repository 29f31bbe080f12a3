import { PEAKS } from '../../cli/throughput.ts'
import { GraphBuilder } from '../../nas/graph/builder.ts'
import { cost } from '../../nas/graph/cost.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import { cuda } from '../../nas/graph/onnx/targets/cuda/index.ts'
import { backboneFeatures } from '../../nas/nets/backbones/index.ts'
import { random } from '../../nas/random.ts'
import { KNOWN_CELLS } from '../../nas/spaces/dpc/known.ts'
import { networkFor } from '../../nas/spaces/dpc/network.ts'
import { float32, int32, sizeOf, type Tensors } from '../../nas/tensor.ts'
import { initialise } from '../../nas/training/initialise.ts'
import { dropoutNoise } from '../../nas/training/noise.ts'
import { segmentationStep } from '../../nas/training/segmentation.ts'
import { sgd } from '../../nas/training/sgd.ts'
import { dpcHead } from '../dpc-head.ts'
import { median } from '../workers.ts'
import { cardName } from './card.ts'
import { deviceEngine, headSize, milliseconds, say, small } from './setting.ts'

/* Milliseconds by phase of a `dpc` search, multiply-adds and bytes a second: by which cli/throughput.ts estimates. */

const BATCH = small ? 1 : 8
const CROP = small ? 65 : 513
const RUNS = small ? 2 : 20

export async function phases(): Promise<void> {
  const head = dpcHead(headSize, cuda.rewrites)
  await phase('proxy task: a step of the head', head.graph, head.start(), head.inputs)
  await phase('cache of features: the backbone', ...backbone())
  await phase('full training: a step of the network', ...whole())
}

const isHere = (card: string): boolean => new RegExp(`\\b${card}\\b`, 'i').test(cardName() ?? '')

async function phase(
  name: string,
  graph: Graph,
  start: Tensors,
  inputs: (step: number) => Tensors,
): Promise<void> {
  const engine = await deviceEngine()
  const seconds = async (work: () => Promise<unknown> | unknown): Promise<number> => {
    const began = performance.now()
    await work()
    return (performance.now() - began) / 1000
  }
  const began = performance.now()
  const program = await engine.compile(graph)
  const compiling = (performance.now() - began) / 1000
  const state = engine.state(start)
  const first = await seconds(() => program.run(state, inputs(0)))
  await program.run(state, inputs(1))
  const steps: number[] = []
  for (let step = 0; step < RUNS; step++) {
    const batch = inputs(2 + step)
    steps.push(await seconds(() => program.run(state, batch)))
  }
  const reading = await seconds(() => state.read())
  const step = median(steps)
  const { multiplyAdds, memoryTraffic } = cost(graph)
  const rate = (count: number) => `${(count / step / 1e9).toFixed(1)}e9`
  say(
    `${name}: ${milliseconds(step)}, ${rate(multiplyAdds)} multiply-adds and ${rate(memoryTraffic)} bytes a second`,
  )
  say(
    `  compiling ${milliseconds(compiling)}, first run ${milliseconds(first)}, state to the host ${milliseconds(reading)}`,
  )
  for (const [card, [peak, bytes]] of Object.entries(PEAKS).filter(([card]) => isHere(card))) {
    const atPeaks = multiplyAdds / (1e12 * peak) + memoryTraffic / (1e9 * bytes)
    say(`  reaches ${(atPeaks / step).toFixed(3)} of the peaks of ${card}`)
  }
  state.dispose()
  await program.dispose()
}

function backbone(): [Graph, Tensors, (step: number) => Tensors] {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [BATCH, 3, CROP, CROP] })
  const options = { network: 'mobilenet-v2', width: 1, outputStride: 16 } as const
  const built = graph.build({ features: backboneFeatures(context, image, options) })
  const batch = { image: noise(image.type.shape) }
  return [built, initialise(built.parameters, 0), () => batch]
}

function whole(): [Graph, Tensors, (step: number) => Tensors] {
  const labels = small ? 17 : 129
  const filters = headSize.filters
  const size = (CROP - 1) / 16 + 1
  const network = networkFor(KNOWN_CELLS['dpc-top1'], {
    input: 'image',
    backbone: { network: 'mobilenet-v2', width: 1, outputStride: 16 },
    cell: { filters, pyramidPooling: 'grid' },
    classes: 19,
    size: [CROP, CROP],
  })
  const shape = [BATCH, 3, CROP, CROP] as const
  const graph = segmentationStep(
    { network, input: { name: 'image', shape }, labels: [labels, labels] },
    sgd({ momentum: 0.9, weightDecay: 4e-5 }),
    30_000,
    cuda.rewrites,
  )
  const rng = random(0, 'labels')
  const batch = {
    image: noise(shape),
    labels: int32(
      [BATCH, labels, labels],
      Int32Array.from({ length: BATCH * labels * labels }, () => rng.integer(19)),
    ),
    learningRate: float32([], [0.01]),
  }
  const dropped = { shape: [BATCH, 5 * filters, size, size] as const, oneIn: 10, seed: 0 }
  return [
    graph,
    initialise(graph.parameters, 0),
    (step) => ({ ...batch, ...dropoutNoise({ ...dropped, step }) }),
  ]
}

function noise(shape: readonly number[]) {
  const rng = random(0, 'noise')
  return float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  )
}
