import { TrellisError } from '../errors.ts'
import type { Graph, Parameter } from '../graph/graph.ts'
import { sameShape, showShape, type Tensor, type Tensors } from '../tensor.ts'
import { STAGES } from './mobilenet-v2.ts'

/** A library's names of the convolution of a layer, and of the batch normalisation after it. */
type Names = readonly [layer: string, convolution: string, normalisation: string]

const BLOCKS = STAGES.flatMap(({ expansion, blocks }, stage) =>
  Array.from({ length: blocks }, (_, block) => ({ stage, block, expands: expansion > 1 })),
)

/** `torchvision.models.mobilenet_v2`: one list of features, from the stem to the last convolution. */
const TORCHVISION: readonly Names[] = [
  ['stem', 'features.0.0', 'features.0.1'],
  ...BLOCKS.flatMap(({ expands }, i): Names[] => {
    const conv = `features.${i + 1}.conv`
    const activated = expands ? ['expand', 'depthwise'] : ['depthwise']
    return [
      ...activated.map((part, j): Names => [`block${i}/${part}`, `${conv}.${j}.0`, `${conv}.${j}.1`]),
      [`block${i}/project`, `${conv}.${activated.length}`, `${conv}.${activated.length + 1}`],
    ]
  }),
  ['last', `features.${BLOCKS.length + 1}.0`, `features.${BLOCKS.length + 1}.1`],
]

/** timm's `mobilenetv2_*`: blocks by stage; the first does not expand and has other names. */
const TIMM: readonly Names[] = [
  ['stem', 'conv_stem', 'bn1'],
  ...BLOCKS.flatMap(({ stage, block, expands }, i) => {
    const parts: readonly Names[] = expands
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
    return parts.map(([part, conv, norm]): Names => [`block${i}/${part}`, `${at}.${conv}`, `${at}.${norm}`])
  }),
  ['last', 'conv_head', 'bn2'],
]

const NORMALISATION = {
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
} as const

/**
 * The backbone's part of a graph's state, from weights of torchvision, timm or Trellis. Other tensors of the file, such as a
 * classifier's, are ignored.
 * @throws TrellisError `invalid-checkpoint` naming the first tensor that is missing or of another shape.
 */
export function backboneWeights(file: Tensors, { parameters }: Graph): Tensors {
  const theirName = namingOf(file)
  return Object.fromEntries(
    [...parameters.values()]
      .filter(({ parameter }) => parameter.name.startsWith('backbone/'))
      .map(({ parameter }) => [parameter.name, take(file, theirName(parameter.name), parameter)]),
  )
}

function namingOf(file: Tensors): (ourName: string) => string {
  const library = [TORCHVISION, TIMM].find(([stem]) => `${stem![1]}.weight` in file)
  if (library === undefined) return (ourName) => ourName
  const names = new Map<string, string>()
  for (const [layer, convolution, normalisation] of library) {
    names.set(`backbone/${layer}/weight`, `${convolution}.weight`)
    for (const [ours, theirs] of Object.entries(NORMALISATION))
      names.set(`backbone/${layer}/${ours}`, `${normalisation}.${theirs}`)
  }
  return (ourName) => names.get(ourName)!
}

function take(file: Tensors, name: string, { shape }: Parameter): Tensor {
  const tensor = file[name]
  if (tensor?.dtype === 'float32' && sameShape(tensor.shape, shape)) return tensor
  const found = tensor === undefined ? 'missing' : `${tensor.dtype} ${showShape(tensor.shape)}`
  throw new TrellisError(
    'invalid-checkpoint',
    `backbone weights: ${name} is ${found}, and should be float32 ${showShape(shape)}`,
    {
      fix: 'give MobileNetV2 weights of the configured width, as torchvision, timm or Trellis names them',
    },
  )
}
