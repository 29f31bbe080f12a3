import type { Value } from '../../graph/graph.ts'
import type { OutputStride } from '../atrous.ts'
import type { LayerContext } from '../layers.ts'
import { RESNET_18, RESNET_50, RESNET_101, RESNEXT_101 } from '../resnet.ts'
import { VGG_16, VGG_19 } from '../vgg.ts'
import { XCEPTION_65, XCEPTION_71 } from '../xception.ts'
import type { Backbone, FeatureOptions } from './backbone.ts'
import { mobileNetV2Backbone } from './mobilenet-v2.ts'
import type { BackboneName } from './names.ts'
import { resNetBackbone } from './resnet.ts'
import { vggBackbone } from './vgg.ts'
import { xceptionBackbone } from './xception.ts'

/** By the name in a configuration. */
export const BACKBONES = {
  'mobilenet-v2': mobileNetV2Backbone,
  'resnet-18': resNetBackbone('resnet18', RESNET_18),
  'resnet-50': resNetBackbone('resnet50', RESNET_50),
  'resnet-101': resNetBackbone('resnet101', RESNET_101),
  'resnext-101': resNetBackbone('resnext101_32x8d', RESNEXT_101),
  'vgg-16': vggBackbone('vgg16', VGG_16),
  'vgg-19': vggBackbone('vgg19', VGG_19),
  'xception-65': xceptionBackbone('xception65', XCEPTION_65),
  'xception-71': xceptionBackbone('xception71', XCEPTION_71),
} as const satisfies Record<BackboneName, Backbone>

export interface BackboneOptions extends FeatureOptions {
  readonly network: BackboneName
}

export const backboneBlocks = (
  context: LayerContext,
  image: Value,
  options: BackboneOptions,
): readonly Value[] => BACKBONES[options.network].blocks(context, image, options)

/** The features F that a cell reads: [N,3,H,W] to [N,C,H/outputStride,W/outputStride], sizes rounded up. */
export const backboneFeatures = (context: LayerContext, image: Value, options: BackboneOptions): Value =>
  backboneBlocks(context, image, options).at(-1)!

/** The output of the last block at a stride. @throws RangeError where no block has it */
export function lastAtStride(blocks: readonly Value[], image: Value, stride: OutputStride): Value {
  const rows = Math.ceil(image.type.shape[2]! / stride)
  const last = blocks.findLast(({ type }) => type.shape[2] === rows)
  if (last === undefined) throw new RangeError(`no block has stride ${stride}`)
  return last
}
