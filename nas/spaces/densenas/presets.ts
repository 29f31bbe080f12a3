import type { DenseNasSpace } from './space.ts'

/** Table 1. */
const MBCONV = [
  'mbconv_k3_t3',
  'mbconv_k3_t6',
  'mbconv_k5_t3',
  'mbconv_k5_t6',
  'mbconv_k7_t3',
  'mbconv_k7_t6',
] as const

/** Search spaces, by name. Strides are the image's side over that of the features: 2 for 112 of 224 pixels. */
export const DENSENAS_SPACES = {
  /** The paper's first version, as in its released figure. */
  'densenas-v1': {
    operations: MBCONV,
    stages: [
      { stride: 2, widths: [16], layers: 0 },
      { stride: 4, widths: [24], layers: 3 },
      { stride: 8, widths: [32, 40, 48], layers: 3 },
      { stride: 16, widths: [64, 80, 96, 112, 128, 144], layers: 3 },
      { stride: 32, widths: [160, 224, 288, 352, 416, 480], layers: 3 },
    ],
    reach: 3,
    last: 1728,
  },
  /** The released configuration imagenet_search_cfg_mbv2.yaml. */
  'densenas-mobilenet-v2': {
    operations: MBCONV,
    stages: [
      { stride: 2, widths: [16], layers: 0 },
      { stride: 4, widths: [24], layers: 3 },
      { stride: 8, widths: [32, 40, 48], layers: 3 },
      { stride: 16, widths: [56, 64, 72], layers: 3 },
      { stride: 16, widths: [96, 112, 128], layers: 3 },
      { stride: 32, widths: [160, 176, 192], layers: 3 },
      { stride: 32, widths: [320, 352, 384], layers: 0 },
    ],
    reach: 4,
    last: 1984,
  },
  /** For images of 32x32, from 16x16 features to 4x4. */
  'densenas-cifar': {
    operations: MBCONV,
    stages: [
      { stride: 2, widths: [16], layers: 0 },
      { stride: 2, widths: [24, 32], layers: 2 },
      { stride: 4, widths: [40, 48, 64], layers: 2 },
      { stride: 8, widths: [80, 96, 128], layers: 2 },
    ],
    reach: 3,
    last: 512,
  },
  /** The smallest that has every kind of choice, for images of 32x32. */
  'densenas-tiny': {
    operations: ['mbconv_k3_t3', 'mbconv_k3_t6', 'mbconv_k5_t3'],
    stages: [
      { stride: 2, widths: [8], layers: 0 },
      { stride: 4, widths: [16, 24], layers: 1 },
      { stride: 8, widths: [32, 48], layers: 1 },
    ],
    reach: 2,
    last: 128,
  },
} as const satisfies Record<string, DenseNasSpace>
