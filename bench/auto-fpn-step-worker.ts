import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { dimensionsOf, searchOf } from '../nas/pipelines/auto-fpn/config.ts'
import { networkOf } from '../nas/pipelines/auto-fpn/network.ts'
import { supernetOf } from '../nas/pipelines/auto-fpn/supernet-network.ts'
import { random } from '../nas/random.ts'
import { supernetGraphs } from '../nas/spaces/auto-fpn/search/graphs.ts'
import { float32, int32, sizeOf, type Tensors } from '../nas/tensor.ts'
import { EPSILON, fromCache, fromImages, levelName } from '../nas/training/detection/features.ts'
import { detectorGeometry } from '../nas/training/detection/level-shapes.ts'
import { lossOf } from '../nas/training/detection/loss.ts'
import { detectorStep } from '../nas/training/detection/step.ts'
import { packTruths } from '../nas/training/detection/truth.ts'
import { initialise } from '../nas/training/initialise.ts'
import { runningDecay } from '../nas/training/running-decay.ts'
import { sgd } from '../nas/training/sgd.ts'
import { isArchitecture, isWeight, trainingStep } from '../nas/training/step.ts'
import { batchOf, CLASSES, config, levels, TRUTH } from './auto-fpn-settings.ts'
import { timed } from './timed.ts'

/* A step of bench/auto-fpn-step.ts. */

const [phase, , steps] = process.argv.slice(2) as ['weights' | 'architecture' | 'detector', string, string]
const WARM_UP = 3
const batch = batchOf(phase)
const backbone = { ...config.backbone, weights: '' }
const network = { backbone, classes: CLASSES, detector: config.detector }
const fpn = networkOf(network, null, false)

function neckStep(of: 'weights' | 'architecture'): Graph {
  const search = searchOf(config)
  const supernet = supernetOf(
    {
      ...network,
      ...{ module: 'neck', method: 'softmax', neck: null, search, image: config.image },
      space: dimensionsOf(config, ['neck']),
    },
    fromCache(levels, batch),
  )
  const architecture = { ...search.architecture, epsilon: 1e-8 }
  return supernetGraphs(supernet, { weights: search, architecture, rewrites: engine.rewrites })[of]
}

function fpnStep(): Graph {
  const forward = lossOf(
    (graph) => ({
      graph,
      mode: 'training',
      batchNorm: { decay: runningDecay(config.retrain.steps), epsilon: EPSILON },
    }),
    fromImages(backbone, batch, config.image),
    fpn,
    batch,
  )
  return trainingStep(forward, sgd(config.retrain), { rewrites: engine.rewrites })
}

const engine = await onnxRuntime({ threads: 1 })
const graph = phase === 'detector' ? fpnStep() : neckStep(phase)
const state = engine.state(initialise(graph.parameters, 0))
const { run } = await detectorStep(engine, state, graph, {
  ...{ detector: fpn, batch, seed: 0 },
  geometry: detectorGeometry(fpn, config.image),
})

const rng = random(0, 'bench')
const normal = (shape: readonly number[]) =>
  float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  )
const maps: Tensors =
  phase === 'detector'
    ? { image: normal([batch, 3, ...config.image]) }
    : Object.fromEntries(levels.map((shape, i) => [levelName(i), normal([batch, ...shape])]))
const truth = { ...TRUTH, boxes: Float32Array.from(TRUTH.boxes.flat()) }
const inputs = {
  ...maps,
  truths: packTruths(Array(batch).fill(truth)),
  learningRate: float32([], [1e-3]),
}

const learned = [...graph.parameters.values()].filter(
  ({ parameter }) => isWeight(parameter) || isArchitecture(parameter),
)
await timed((step) => run({ ...inputs, draw: int32([1], [step]) }), WARM_UP, Number(steps), {
  parameters: learned.reduce((sum, { parameter }) => sum + sizeOf(parameter.shape), 0),
})
