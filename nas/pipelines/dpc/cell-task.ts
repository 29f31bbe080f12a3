import { networkFor } from '../../spaces/dpc/network.ts'
import { LABEL_STRIDE, type SegmentationTask, subsampled } from '../../training/segmentation.ts'
import type { DpcRun } from './run.ts'
import type { TrainSpec } from './specs.ts'

/** The network of a cell that is trained with its backbone, for so many images [3,H,W] of a size at once. */
export function cellTask(
  { backbone }: DpcRun['config'],
  spec: TrainSpec,
  images: number,
  size: readonly [height: number, width: number],
): SegmentationTask {
  const { genotype, classes, classBalance = 0, decoder = false } = spec
  return {
    network: networkFor(genotype, { input: 'image', backbone, cell: spec, classes, decoder, size }),
    input: { name: 'image', shape: [images, 3, ...size] },
    labels: subsampled(size, LABEL_STRIDE),
    classBalance,
  }
}
