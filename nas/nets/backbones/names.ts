/** As configurations name them: they are read where no network is built. */
export const BACKBONE_NAMES = [
  'mobilenet-v2',
  'resnet-18',
  'resnet-50',
  'resnet-101',
  'resnext-101',
  'vgg-16',
  'vgg-19',
  'xception-65',
  'xception-71',
] as const
export type BackboneName = (typeof BACKBONE_NAMES)[number]

/** Those that come in other widths than 1. */
export const WITH_WIDTHS: readonly BackboneName[] = ['mobilenet-v2']
