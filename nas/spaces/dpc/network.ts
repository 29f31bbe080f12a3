import type { Value } from '../../graph/graph.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { type BackboneOptions, backboneFeatures } from '../../nets/backbones/index.ts'
import { type LayerContext, type Network, pointwiseWithBias } from '../../nets/layers.ts'
import { buildCell, type CellOptions } from './cell.ts'
import type { DpcGenotype } from './genotype.ts'

/** What a cell is built for. */
export interface DpcTask {
  /** `image` [N,3,H,W], or the `features` that the backbone makes of it. */
  readonly input: 'image' | 'features'
  readonly backbone: BackboneOptions
  readonly cell: Omit<CellOptions, 'rateMultiplier'>
  readonly classes: number
  /** Height and width at which predictions are compared with labels. */
  readonly size: readonly [height: number, width: number]
}

/**
 * The segmentation network of a cell: to logits [N,classes,h,w], of the features' size in training, of the task's size
 * (bilinear, corners aligned) in evaluation.
 */
export const networkFor =
  (genotype: DpcGenotype, task: DpcTask): Network =>
  (context, input) => {
    const features = task.input === 'image' ? backboneFeatures(context, input, task.backbone) : input
    const logits = segmentationHead(context, features, genotype, task)
    return context.mode === 'training'
      ? logits
      : resizeBilinear(context.graph, logits, task.size, { alignCorners: true })
  }

/** Features [N,C,H,W] to logits [N,classes,H,W]. Rates are the paper's at output stride 16 and grow with the resolution. */
export function segmentationHead(
  context: LayerContext,
  features: Value,
  genotype: DpcGenotype,
  { backbone, cell, classes }: Pick<DpcTask, 'backbone' | 'cell' | 'classes'>,
): Value {
  const rateMultiplier = Math.max(1, 16 / backbone.outputStride)
  const prediction = buildCell(context, features, genotype, { ...cell, rateMultiplier })
  return pointwiseWithBias(context, 'logits', prediction, classes, {
    kind: 'truncated-normal',
    deviation: 0.01,
  })
}
