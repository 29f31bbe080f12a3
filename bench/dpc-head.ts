import type { Graph } from '../nas/graph/graph.ts'
import type { Rewrites } from '../nas/graph/rewrites.ts'
import { random } from '../nas/random.ts'
import { DROPPED_ONE_IN } from '../nas/spaces/dpc/cell.ts'
import { KNOWN_CELLS } from '../nas/spaces/dpc/known.ts'
import { networkFor } from '../nas/spaces/dpc/network.ts'
import { float32, int32, sizeOf, type Tensors } from '../nas/tensor.ts'
import { initialise } from '../nas/training/initialise.ts'
import { dropoutNoise } from '../nas/training/noise.ts'
import { segmentationStep } from '../nas/training/segmentation.ts'
import { sgd } from '../nas/training/sgd.ts'

const [CHANNELS, CLASSES, BRANCHES] = [320, 19, 5]

export interface HeadSize {
  readonly batch: number
  readonly filters: number
  /** Height and width of the features. */
  readonly size: readonly [number, number]
}

/** Of a proxy task of the paper. */
export const PROXY_TASK: HeadSize = { batch: 8, filters: 256, size: [33, 33] }

export interface Head {
  /** A training step of the head of DPC top-1 on cached features. */
  readonly graph: Graph
  readonly start: () => Tensors
  /** What a step reads: features and labels are those of every step, dropout is its own. */
  readonly inputs: (step: number) => Tensors
}

/** @param rewrites of the engine that runs it */
export function dpcHead({ batch, filters, size }: HeadSize, rewrites: Rewrites): Head {
  const shape = [batch, CHANNELS, ...size] as const
  const network = networkFor(KNOWN_CELLS['dpc-top1'], {
    input: 'features',
    backbone: { network: 'mobilenet-v2', width: 1, outputStride: 16 },
    cell: { filters, pyramidPooling: 'grid' },
    classes: CLASSES,
    size,
  })
  const graph = segmentationStep(
    { network, input: { name: 'features', shape }, labels: size },
    sgd({ momentum: 0.9, weightDecay: 4e-5 }),
    30_000,
    rewrites,
  )
  const rng = random(0, 'bench')
  const features = float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  )
  const labelShape = [batch, ...size]
  const labels = int32(
    labelShape,
    Int32Array.from({ length: sizeOf(labelShape) }, () => rng.integer(CLASSES)),
  )
  return {
    graph,
    start: () => initialise(graph.parameters, 0),
    inputs: (step) => ({
      features,
      labels,
      learningRate: float32([], [0.01]),
      ...dropoutNoise({
        shape: [batch, BRANCHES * filters, ...size],
        oneIn: DROPPED_ONE_IN,
        seed: 0,
        step,
      }),
    }),
  }
}
