import { IMAGENET } from '../../image-statistics.ts'
import { type Vgg, vgg, vggConvolutions, vggOutputs } from '../vgg.ts'
import type { Backbone, LayerNames } from './backbone.ts'

/** Of torchvision and of timm alike: one list of convolutions, each before its ReLU, and of poolings. */
const namesOf = (network: Vgg): readonly LayerNames[] =>
  vggConvolutions(network).map(
    ({ stage, i }, n): LayerNames => [`stage${stage}/conv${i}`, `features.${2 * n + stage}`, null],
  )

export const vggBackbone = (name: string, network: Vgg): Backbone => ({
  blocks: (context, image, { outputStride }) => vggOutputs(context, image, network, outputStride),
  classifier: (context, image, classes) => vgg(context, image, network, classes),
  libraries: [{ name: `torchvision's or timm's ${name}`, layers: namesOf(network), images: IMAGENET }],
})
