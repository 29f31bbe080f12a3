import { INCEPTION } from '../../image-statistics.ts'
import { type Xception, xception, xceptionModules } from '../xception.ts'
import type { Backbone, LayerNames } from './backbone.ts'

/** timm's, which come from DeepLab's. */
const namesOf = (network: Xception): readonly LayerNames[] => [
  ...[0, 1].map((i): LayerNames => [`stem${i}`, `stem.${i}.conv`, `stem.${i}.bn`]),
  ...network.flatMap(({ channels, skip }, i): LayerNames[] => {
    const [ours, theirs] = [`block${i}`, `blocks.${i}`]
    const separable = channels.flatMap((_, j): LayerNames[] => {
      const at = `${theirs}.stack.conv${j + 1}`
      return [
        [`${ours}/separable${j}/depthwise`, `${at}.conv_dw`, `${at}.bn_dw`],
        [`${ours}/separable${j}/pointwise`, `${at}.conv_pw`, `${at}.bn_pw`],
      ]
    })
    const shortcut: LayerNames = [`${ours}/shortcut`, `${theirs}.shortcut.conv`, `${theirs}.shortcut.bn`]
    return skip === 'conv' ? [...separable, shortcut] : separable
  }),
]

export const xceptionBackbone = (name: string, network: Xception): Backbone => ({
  blocks: (context, image, { outputStride }) => xceptionModules(context, image, network, outputStride),
  classifier: (context, image, classes) => xception(context, image, network, classes),
  libraries: [{ name: `timm's ${name}`, layers: namesOf(network), images: INCEPTION }],
})
