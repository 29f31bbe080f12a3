import type { Extent } from '../../../nas/data/dataset.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { peakMemory } from '../../../nas/graph/peak-memory.ts'
import { backboneFeatures } from '../../../nas/nets/backbones/index.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import { featuresBatch } from '../../../nas/pipelines/dpc/features.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { networkFor } from '../../../nas/spaces/dpc/network.ts'
import { segmentationGraph } from '../../../nas/training/segmentation.ts'

/** What ONNX Runtime allocates for values; it keeps what it has once had. Measured at 1.5 and 12 megapixels. */
const ALLOCATED = 1.5

/** Bytes of a job that computes features of whole images, or evaluates a network on them, beside what any job takes. */
export function dpcMemory(config: DpcConfig, classes: number, { height, width }: Extent): number {
  const size = [height, width] as const
  return Math.max(ALLOCATED * featuresMemory(config, size), evaluationMemory(config, classes, size))
}

type Size = readonly [height: number, width: number]

function featuresMemory({ backbone }: DpcConfig, size: Size): number {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [featuresBatch(size), 3, ...size] })
  return peakMemory(graph.build({ features: backboneFeatures(context, image, backbone) }))
}

/** With logits and predictions of every pixel, which are handed over as copies. */
function evaluationMemory({ backbone, space, decoder }: DpcConfig, classes: number, size: Size): number {
  const cell = KNOWN_CELLS.aspp
  const task = { input: 'image', backbone, cell: space, classes, decoder, size } as const
  const network = networkFor(cell, task)
  const graph = segmentationGraph({
    network,
    input: { name: 'image', shape: [1, 3, ...size] },
    labels: size,
  })
  const outputs = 4 * (classes + 1) * size[0] * size[1]
  return ALLOCATED * peakMemory(graph) + 2 * outputs
}
