import type { Extent } from '../../../nas/data/dataset.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { cpuRewrites } from '../../../nas/graph/onnx/targets/cpu/rewrites.ts'
import { peakMemory } from '../../../nas/graph/peak-memory.ts'
import { backboneFeatures } from '../../../nas/nets/backbones/index.ts'
import { type Network, pointwiseWithBias } from '../../../nas/nets/layers.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import { featuresBatch } from '../../../nas/pipelines/dpc/features.ts'
import { augmentationOf, type OptimiserSettings } from '../../../nas/pipelines/dpc/settings.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { networkFor } from '../../../nas/spaces/dpc/network.ts'
import {
  LABEL_STRIDE,
  segmentationGraph,
  segmentationStep,
  subsampled,
} from '../../../nas/training/segmentation.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import type { JobMemory, Need } from '../../memory.ts'
import { ALLOCATED, BYTES, larger, trainingBytes } from '../job-memory.ts'

/** How often inputs and outputs are there: as they are decoded, as tensors, in the exported model that is checked. */
const COPIES = 4

/**
 * The backbone is trained by one job, which then computes the features of whole images; by many, networks are trained, and evaluated
 * on whole images. Measured of Xception-65 on 2 crops of 33x65: 2.8 GB and 3.2 GB in all.
 */
export function dpcMemory(config: DpcConfig, classes: number, { height, width }: Extent): JobMemory {
  const { backbone, rerank } = config
  const size = [height, width] as const
  const cell: CellOf = (size) =>
    networkFor(KNOWN_CELLS.aspp, {
      input: 'image',
      backbone,
      cell: config.space,
      classes,
      decoder: config.decoder,
      size,
    })
  const pretraining =
    'pretrain' in backbone
      ? [trainingOf(() => classifierOn(backbone, classes), backbone.pretrain, 'backbone.pretrain')]
      : []
  return {
    alone: larger(featuresOf(config, size), ...pretraining),
    each: larger(evaluationOf(cell, classes, size), trainingOf(cell, rerank, 'rerank')),
  }
}

type Size = readonly [height: number, width: number]
type CellOf = (size: Size) => Network

const ofImages = ([height, width]: Size) => ({
  what: `evaluates images of ${height}x${width}`,
  fix: 'scale down or cut the largest validation images and their masks, or search on a machine with more memory',
})

function featuresOf({ backbone }: DpcConfig, size: Size): Need {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const image = graph.input('image', { dtype: 'float32', shape: [featuresBatch(size), 3, ...size] })
  const features = graph.build({ features: backboneFeatures(context, image, backbone) })
  return { bytes: ALLOCATED * peakMemory(features), ...ofImages(size) }
}

function evaluationOf(cell: CellOf, classes: number, size: Size): Need {
  const input = { name: 'image', shape: [1, 3, ...size] } as const
  const graph = segmentationGraph({ network: cell(size), input })
  // RGB, logits and predictions of every pixel.
  const inAndOut = BYTES * (3 + classes + 1) * size[0] * size[1]
  return { bytes: ALLOCATED * peakMemory(graph) + COPIES * inAndOut, ...ofImages(size) }
}

/** @param section of the configuration, by its path */
function trainingOf(
  network: CellOf,
  section: OptimiserSettings & Parameters<typeof augmentationOf>[0],
  path: string,
): Need {
  const { batch, steps } = section
  const { crop } = augmentationOf(section)
  const input = { name: 'image', shape: [batch, 3, ...crop] } as const
  const labels = subsampled(crop, LABEL_STRIDE)
  const graph = segmentationStep({ network: network(crop), input, labels }, sgd(section), steps, cpuRewrites)
  return {
    bytes: trainingBytes(graph),
    what: `trains on ${batch} crops of ${crop.join('x')}`,
    fix: `lower ${path}.batch or ${path}.crop, take a smaller backbone, or search on a machine with more memory`,
  }
}

/** The backbone under a plain classifier. */
const classifierOn =
  (backbone: DpcConfig['backbone'], classes: number): Network =>
  (layers, image) =>
    pointwiseWithBias(layers, 'classifier', backboneFeatures(layers, image, backbone), classes, {
      kind: 'constant',
      value: 0,
    })
