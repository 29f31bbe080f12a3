/*
 * The modules of PyTorch's libraries as they are written there: the names and shapes of a state_dict, in the order in
 * which an image passes them. Independent of the names
 * that Trellis has for its layers.
 */

export type Shapes = Readonly<Record<string, readonly number[]>>

const norm = (name: string, channels: number): Shapes => ({
  [`${name}.weight`]: [channels],
  [`${name}.bias`]: [channels],
  [`${name}.running_mean`]: [channels],
  [`${name}.running_var`]: [channels],
})
const conv = (name: string, to: number, from: number, kernel: number): Shapes => ({
  [`${name}.weight`]: [to, from, kernel, kernel],
})
const linear = (name: string, from: number): Shapes => ({
  [`${name}.weight`]: [1000, from],
  [`${name}.bias`]: [1000],
})

/** torchvision.models.resnet; timm.models.resnet has the same names. */
export function resNet(
  blocks: readonly number[],
  expansion: 1 | 4,
  { groups, width } = { groups: 1, width: 64 },
): Shapes {
  let shapes: Shapes = { ...conv('conv1', 64, 3, 7), ...norm('bn1', 64) }
  let from = 64
  for (const [i, depth] of blocks.entries()) {
    const planes = 64 * 2 ** i
    const to = planes * expansion
    for (let j = 0; j < depth; j++) {
      const at = `layer${i + 1}.${j}`
      const kernels = expansion === 1 ? [3, 3] : [1, 3, 1]
      const inner = Math.floor((planes * width) / 64) * groups
      const widths = expansion === 1 ? [planes, planes] : [inner, inner, to]
      for (const [k, width] of widths.entries()) {
        const before = (k === 0 ? from : widths[k - 1]!) / (kernels[k] === 3 ? groups : 1)
        shapes = { ...shapes, ...conv(`${at}.conv${k + 1}`, width, before, kernels[k]!) }
        shapes = { ...shapes, ...norm(`${at}.bn${k + 1}`, width) }
      }
      if (j === 0 && (i > 0 || from !== to))
        shapes = { ...shapes, ...conv(`${at}.downsample.0`, to, from, 1), ...norm(`${at}.downsample.1`, to) }
      from = to
    }
  }
  return { ...shapes, ...linear('fc', 512 * expansion) }
}

/** torchvision.models.vgg, its `features` a list of convolutions, ReLUs and poolings; timm.models.vgg has the same names there. */
export function vgg(stages: readonly number[]): Shapes {
  const biased = (name: string, ...shape: readonly number[]): Shapes => ({
    [`${name}.weight`]: shape,
    [`${name}.bias`]: shape.slice(0, 1),
  })
  let shapes: Shapes = {}
  let [from, at] = [3, 0]
  for (const [i, depth] of stages.entries()) {
    const to = Math.min(64 * 2 ** i, 512)
    for (let j = 0; j < depth; j++) {
      shapes = { ...shapes, ...biased(`features.${at}`, to, from, 3, 3) }
      from = to
      at += 2
    }
    at++
  }
  const hidden = [
    [0, 4096, 512 * 7 * 7],
    [3, 4096, 4096],
    [6, 1000, 4096],
  ] as const
  for (const [layer, to, before] of hidden)
    shapes = { ...shapes, ...biased(`classifier.${layer}`, to, before) }
  return shapes
}

type Module = readonly [channels: number | readonly number[], stride: number]

/** timm.models.xception_aligned: the modules' output channels and strides, without the last, which has no skip connection. */
export function xception(modules: readonly Module[]): Shapes {
  let shapes: Shapes = {
    ...conv('stem.0.conv', 32, 3, 3),
    ...norm('stem.0.bn', 32),
    ...conv('stem.1.conv', 64, 32, 3),
    ...norm('stem.1.bn', 64),
  }
  let from = 64
  const all = [...modules, [[1536, 1536, 2048], 1] as const]
  for (const [i, [channels, stride]] of all.entries()) {
    const at = `blocks.${i}`
    const before = from
    const outputs = typeof channels === 'number' ? [channels, channels, channels] : channels
    const last = outputs[2]!
    for (const [j, to] of outputs.entries()) {
      const layer = `${at}.stack.conv${j + 1}`
      shapes = { ...shapes, ...conv(`${layer}.conv_dw`, from, 1, 3), ...norm(`${layer}.bn_dw`, from) }
      shapes = { ...shapes, ...conv(`${layer}.conv_pw`, to, from, 1), ...norm(`${layer}.bn_pw`, to) }
      from = to
    }
    if (i < modules.length && (last !== before || stride !== 1))
      shapes = {
        ...shapes,
        ...conv(`${at}.shortcut.conv`, last, before, 1),
        ...norm(`${at}.shortcut.bn`, last),
      }
  }
  return { ...shapes, ...linear('head.fc', 2048) }
}

const MIDDLE: readonly Module[] = Array.from({ length: 16 }, () => [728, 1])
const EXIT: Module = [[728, 1024, 1024], 2]

export const xception65 = xception([[128, 2], [256, 2], [728, 2], ...MIDDLE, EXIT])
export const xception71 = xception([[128, 2], [256, 1], [256, 2], [728, 1], [728, 2], ...MIDDLE, EXIT])
