import { topformer } from '../../nets/topformer/network.ts'
import { networkOf } from '../../spaces/topformer/network.ts'
import { scaledTopformer } from '../../spaces/topformer/scaled.ts'
import { LABEL_STRIDE, type SegmentationTask, subsampled } from '../../training/segmentation.ts'
import type { TrainSpec } from './specs.ts'

/** The network of a trial of full training, for so many images [3,H,W] of a size at once. */
export function trainTask(
  spec: Pick<TrainSpec, 'network' | 'attentionScale' | 'classes' | 'classBalance'>,
  images: number,
  size: readonly [height: number, width: number],
): SegmentationTask {
  const { network, attentionScale, classes, classBalance = 0 } = spec
  const built =
    network.kind === 'genotype'
      ? networkOf(network.genotype, { attentionScale })
      : scaledTopformer(network.width, attentionScale)
  return {
    network: topformer(built, classes),
    input: { name: 'image', shape: [images, 3, ...size] },
    labels: subsampled(size, LABEL_STRIDE),
    classBalance,
  }
}
