import type { Extent } from '../../../nas/data/dataset.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { peakMemory } from '../../../nas/graph/peak-memory.ts'
import { backboneFeatures } from '../../../nas/nets/backbones/index.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import { featuresBatch } from '../../../nas/pipelines/dpc/features.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { networkFor } from '../../../nas/spaces/dpc/network.ts'
import { segmentationGraph } from '../../../nas/training/segmentation.ts'
import type { JobMemory } from '../../memory.ts'

/** Of the values that exist at once: ONNX Runtime allocates by doubling. Measured: 1.5 at 1.5 megapixels, 2.8 at 12. */
const ALLOCATED = 3
/** How often inputs and outputs are there: as they are decoded, as tensors, in the exported model that is checked. */
const COPIES = 4

/** The features of whole images are computed by one job, networks are evaluated on them by many. */
export function dpcMemory(config: DpcConfig, classes: number, { height, width }: Extent): JobMemory {
  const size = [height, width] as const
  return { alone: featuresMemory(config, size), each: evaluationMemory(config, classes, size) }
}

type Size = readonly [height: number, width: number]

function featuresMemory({ backbone }: DpcConfig, size: Size): number {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [featuresBatch(size), 3, ...size] })
  return ALLOCATED * peakMemory(graph.build({ features: backboneFeatures(context, image, backbone) }))
}

function evaluationMemory({ backbone, space, decoder }: DpcConfig, classes: number, size: Size): number {
  const cell = KNOWN_CELLS.aspp
  const task = { input: 'image', backbone, cell: space, classes, decoder, size } as const
  const network = networkFor(cell, task)
  const graph = segmentationGraph({
    network,
    input: { name: 'image', shape: [1, 3, ...size] },
    labels: size,
  })
  // RGB, logits and predictions of every pixel.
  const inAndOut = 4 * (3 + classes + 1) * size[0] * size[1]
  return ALLOCATED * peakMemory(graph) + COPIES * inAndOut
}
