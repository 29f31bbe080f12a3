import { IMAGENET } from '../../image-statistics.ts'
import { type ResNet, resNet, resNetBlocks, resNetOutputs } from '../resnet.ts'
import type { Backbone, LayerNames } from './backbone.ts'

/** Convolutions of a block, in order. */
const PARTS = { basic: ['first', 'second'], bottleneck: ['reduce', 'spatial', 'expand'] } as const

/** Of torchvision and of timm alike; layers count from 1 there. */
const namesOf = (network: ResNet): readonly LayerNames[] => [
  ['stem', 'conv1', 'bn1'],
  ...resNetBlocks(network).flatMap(({ stage, i, hasProjection }): LayerNames[] => {
    const [ours, theirs] = [`stage${stage}/block${i}`, `layer${stage + 1}.${i}`]
    const parts = PARTS[network.block].map(
      (part, j): LayerNames => [`${ours}/${part}`, `${theirs}.conv${j + 1}`, `${theirs}.bn${j + 1}`],
    )
    const projection: LayerNames = [`${ours}/shortcut`, `${theirs}.downsample.0`, `${theirs}.downsample.1`]
    return hasProjection ? [...parts, projection] : parts
  }),
]

export const resNetBackbone = (name: string, network: ResNet): Backbone => ({
  blocks: (context, image, { outputStride }) => resNetOutputs(context, image, network, outputStride),
  classifier: (context, image, classes) => resNet(context, image, network, classes),
  libraries: [{ name: `torchvision's or timm's ${name}`, layers: namesOf(network), images: IMAGENET }],
})
