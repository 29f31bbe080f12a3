import { networkFor } from '../../spaces/dpc/network.ts'
import type { Tensors } from '../../tensor.ts'
import type { Predictor } from '../../training/predictor.ts'
import {
  LABEL_STRIDE,
  type SegmentationTask,
  segmentationGraph,
  subsampled,
} from '../../training/segmentation.ts'
import { segmentationPredictor } from '../../training/segmentation-predictor.ts'
import type { DpcRun } from './run.ts'
import { type TrainSpec, trainSpecSchema } from './specs.ts'

type Size = readonly [height: number, width: number]

/** The network of a cell that is trained with its backbone, for so many images [3,H,W] of a size at once. */
export function cellTask(
  { backbone }: DpcRun['config'],
  spec: TrainSpec,
  images: number,
  size: Size,
): SegmentationTask {
  const { genotype, classes, classBalance = 0, decoder = false } = spec
  return {
    network: networkFor(genotype, { input: 'image', backbone, cell: spec, classes, decoder, size }),
    input: { name: 'image', shape: [images, 3, ...size] },
    labels: subsampled(size, LABEL_STRIDE),
    classBalance,
  }
}

/** @param spec of a trial of full training */
export function dpcPredictor({ config }: DpcRun, spec: unknown, weights: Tensors): Predictor {
  const parsed = trainSpecSchema.parse(spec)
  const graphAt = (size: Size) => segmentationGraph(cellTask(config, parsed, 1, size))
  return segmentationPredictor({ graphAt, weights, classes: parsed.classes })
}
