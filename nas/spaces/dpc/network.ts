import type { Value } from '../../graph/graph.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { type BackboneOptions, backboneBlocks, lastAtStride } from '../../nets/backbones/index.ts'
import { decoder } from '../../nets/decoder.ts'
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
  /** Whether a decoder refines what the cell gives, by features of the image at stride 4. Cached features have none. */
  readonly decoder?: boolean
  /** Height and width at which predictions are compared with labels. */
  readonly size: readonly [height: number, width: number]
}

/**
 * The segmentation network of a cell: to logits [N,classes,h,w], in training of the size of the features, or of the low-level ones
 * that a decoder reads; of the task's size (bilinear, corners aligned) in evaluation.
 */
export const networkFor =
  (genotype: DpcGenotype, task: DpcTask): Network =>
  (context, input) => {
    const logits =
      task.input === 'image'
        ? wholeNetwork(context, input, genotype, task)
        : segmentationHead(context, input, genotype, task)
    return context.mode === 'training'
      ? logits
      : resizeBilinear(context.graph, logits, task.input === 'image' ? input : task.size, {
          alignCorners: true,
        })
  }

function wholeNetwork(context: LayerContext, image: Value, genotype: DpcGenotype, task: DpcTask): Value {
  const blocks = backboneBlocks(context, image, task.backbone)
  const cell = cellOf(context, blocks.at(-1)!, genotype, task)
  const features = task.decoder ? decoder(context, cell, lastAtStride(blocks, image, 4)) : cell
  return classify(context, features, task.classes)
}

/** Features [N,C,H,W] to logits [N,classes,H,W]. */
export const segmentationHead = (
  context: LayerContext,
  features: Value,
  genotype: DpcGenotype,
  task: Pick<DpcTask, 'backbone' | 'cell' | 'classes'>,
): Value => classify(context, cellOf(context, features, genotype, task), task.classes)

/** Rates are the paper's at output stride 16 and grow with the resolution. */
function cellOf(
  context: LayerContext,
  features: Value,
  genotype: DpcGenotype,
  { backbone, cell }: Pick<DpcTask, 'backbone' | 'cell'>,
): Value {
  const rateMultiplier = Math.max(1, 16 / backbone.outputStride)
  return buildCell(context, features, genotype, { ...cell, rateMultiplier })
}

const classify = (context: LayerContext, features: Value, classes: number): Value =>
  pointwiseWithBias(context, 'logits', features, classes, { kind: 'truncated-normal', deviation: 0.01 })
