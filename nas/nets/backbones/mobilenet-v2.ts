import { IMAGENET } from '../../image-statistics.ts'
import { mobileNetV2, mobileNetV2Blocks, STAGES } from '../mobilenet-v2.ts'
import type { Backbone, LayerNames } from './backbone.ts'

const BLOCKS = STAGES.flatMap(({ expansion, blocks }, stage) =>
  Array.from({ length: blocks }, (_, block) => ({ stage, block, expands: expansion > 1 })),
)

/** One list of features, from the stem to the last convolution. */
const TORCHVISION: readonly LayerNames[] = [
  ['stem', 'features.0.0', 'features.0.1'],
  ...BLOCKS.flatMap(({ expands }, i): LayerNames[] => {
    const conv = `features.${i + 1}.conv`
    const activated = expands ? ['expand', 'depthwise'] : ['depthwise']
    return [
      ...activated.map((part, j): LayerNames => [`block${i}/${part}`, `${conv}.${j}.0`, `${conv}.${j}.1`]),
      [`block${i}/project`, `${conv}.${activated.length}`, `${conv}.${activated.length + 1}`],
    ]
  }),
  ['last', `features.${BLOCKS.length + 1}.0`, `features.${BLOCKS.length + 1}.1`],
]

/** Blocks by stage; the first does not expand and has other names. */
const TIMM: readonly LayerNames[] = [
  ['stem', 'conv_stem', 'bn1'],
  ...BLOCKS.flatMap(({ stage, block, expands }, i) => {
    const parts: readonly LayerNames[] = expands
      ? [
          ['expand', 'conv_pw', 'bn1'],
          ['depthwise', 'conv_dw', 'bn2'],
          ['project', 'conv_pwl', 'bn3'],
        ]
      : [
          ['depthwise', 'conv_dw', 'bn1'],
          ['project', 'conv_pw', 'bn2'],
        ]
    const at = `blocks.${stage}.${block}`
    return parts.map(
      ([part, conv, norm]): LayerNames => [`block${i}/${part}`, `${at}.${conv}`, `${at}.${norm}`],
    )
  }),
  ['last', 'conv_head', 'bn2'],
]

export const mobileNetV2Backbone: Backbone = {
  blocks: mobileNetV2Blocks,
  classifier: (context, image, classes) => mobileNetV2(context, image, { width: 1, classes }),
  libraries: [
    { name: "torchvision's mobilenet_v2", layers: TORCHVISION, images: IMAGENET },
    { name: "timm's mobilenetv2_*", layers: TIMM, images: IMAGENET },
  ],
}
