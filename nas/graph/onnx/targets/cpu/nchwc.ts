import { type Convolution, outputSize } from '../../../convolution.ts'
import { clip } from '../../clip.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'

/*
 * Feature maps in ONNX Runtime's blocked layout NCHWc (its operator set com.microsoft.nchwc): [N, C/B, H, W, B], declared as
 * [N,C,H,W], where a block of B channels fills a vector register and zeros pad the last block. ONNX Runtime chooses this
 * layout itself where filters are constants; those of a training step are not.
 *
 * A map keeps its layout from operation to operation: one name stands for both layouts (`emit.nchwc`), and a map is reordered
 * only for an operation that knows the other layout alone.
 */

const domain = 'com.microsoft.nchwc'

export type Shape = readonly number[]

/** Of what a convolution's gradient by its input is made. */
export interface InputGradientShapes {
  readonly dy: Shape
  readonly filter: Shape
  readonly input: Shape
}

/** Of what its gradient by the filter is made. */
export interface FilterGradientShapes {
  readonly x: Shape
  readonly dy: Shape
  readonly filter: Shape
}

/** Channels with the padding of the last block. */
export const paddedChannels = (block: number, channels: number): number => Math.ceil(channels / block) * block

/** Whether maps [N,C,H,W] can be reordered to NCHWc. */
export const fitsNchwc = (emit: BlockedEmitter, shape: Shape): boolean =>
  shape.length === 4 && canBeBlocked(emit, shape[1]!)

/** ONNX Runtime moves four channels at a time. */
export const canBeBlocked = ({ block }: BlockedEmitter, channels: number): boolean =>
  block > 0 && channels % 4 === 0

export const isNchwc = (emit: BlockedEmitter, x: string): boolean => emit.nchwc.has(x)

/** @returns the name of a map's NCHWc layout */
export function toNchwc(emit: BlockedEmitter, x: string): string {
  const known = emit.nchwc.get(x)
  if (known !== undefined) return known
  const nchwc = reordered(emit, x)
  emit.nchwc.set(x, nchwc)
  return nchwc
}

const reordered = (emit: BlockedEmitter, x: string): string => emit.node('ReorderInput', [x], {}, { domain })

/** @returns the map [N,C,H,W] whose NCHWc layout is given */
export function fromNchwc(emit: BlockedEmitter, nchwc: string, [, channels]: Shape): string {
  const map = emit.lazy((as) => emit.node('ReorderOutput', [nchwc], { channels: channels! }, { domain, as }))
  emit.nchwc.set(map, nchwc)
  return map
}

/** Numbers by channel, padded with zeros to whole blocks. @param axis of the channels */
export function padChannels(emit: BlockedEmitter, x: string, shape: Shape, axis = 0): string {
  const missing = paddedChannels(emit.block, shape[axis]!) - shape[axis]!
  if (missing === 0) return x
  const after = shape.map((_, i) => (i === axis ? missing : 0))
  return emit.node('Pad', [x, emit.ints([...shape.map(() => 0), ...after])])
}

/** Numbers by channel [C,…] without the padding of the last block. */
export const unpadChannels = (emit: BlockedEmitter, x: string, channels: number): string =>
  paddedChannels(emit.block, channels) === channels
    ? x
    : emit.node('Slice', [x, emit.ints([0]), emit.ints([channels]), emit.ints([0])])

/** Depthwise filters [C,1,h,w] in NCHWc. */
export function nchwcFilter(emit: BlockedEmitter, filter: string, shape: Shape): string {
  const [c, , h, w] = shape as [number, number, number, number]
  const all = padChannels(emit, filter, shape)
  const channels = paddedChannels(emit.block, c)
  if (h * w === 1) return all
  const maps = reordered(emit, emit.node('Reshape', [all, emit.ints([1, channels, h, w])]))
  return emit.node('Reshape', [maps, emit.ints([channels, 1, h, w])])
}

/**
 * Filters of K by C channels in ONNX Runtime's order: [K/B, C/B, h, w, B of C, B of K], declared as [K,C,h,w] with both padded.
 * @param filter [K,C,h,w], or [C,K,h,w] where it is transposed
 */
export function filterTiles(
  emit: BlockedEmitter,
  filter: string,
  {
    channels: [k, c],
    taps: [h, w],
    transposed,
  }: {
    readonly channels: readonly [k: number, c: number]
    readonly taps: readonly [height: number, width: number]
    readonly transposed: boolean
  },
): string {
  const { block } = emit
  const shape = [...(transposed ? [c, k] : [k, c]), h * w]
  const [rows, columns] = shape.map((channels) => paddedChannels(block, channels)) as [number, number]
  const taps = emit.node('Reshape', [filter, emit.ints(shape)])
  const whole = padChannels(emit, padChannels(emit, taps, shape, 0), [rows, shape[1]!, h * w], 1)
  const split = emit.node('Reshape', [whole, emit.ints([rows / block, block, columns / block, block, h * w])])
  // One axis at a time: ONNX Runtime copies blocks for that, and single numbers for other orders.
  const blocked = emit.node('Transpose', [split], { perm: transposed ? [2, 0, 1, 3, 4] : [0, 2, 3, 4, 1] })
  const tiled =
    h * w === 1
      ? blocked
      : emit.node('Transpose', [blocked], { perm: transposed ? [0, 1, 4, 2, 3] : [0, 1, 3, 2, 4] })
  return emit.node('Reshape', [tiled, emit.ints([paddedChannels(block, k), paddedChannels(block, c), h, w])])
}

/** The activation that is fused into an NCHWc convolution. */
export interface Activation {
  readonly activation: string
  readonly activation_params: { readonly floats: readonly number[] }
}

interface Operands {
  readonly x: string
  /** In the order that ONNX Runtime wants for these groups. */
  readonly filter: string
  readonly kernel: readonly [height: number, width: number]
  readonly bias?: string
  /** A map that is added to the result. */
  readonly addend?: string
  readonly activation?: Activation
  /** The name of the result. */
  readonly as?: string | undefined
}

/** A convolution of an NCHWc map, to NCHWc. */
export const convolveNchwc = (
  emit: BlockedEmitter,
  { x, filter, kernel, bias, addend, activation, as }: Operands,
  { stride, dilation, padding, groups }: Convolution,
): string =>
  emit.node(
    'Conv',
    addend === undefined ? [x, filter, ...(bias ? [bias] : [])] : [x, filter, bias ?? '', addend],
    {
      group: groups,
      kernel_shape: kernel,
      strides: stride,
      dilations: dilation,
      pads: padding,
      ...activation,
    },
    { domain, ...(as !== undefined && { as }) },
  )

interface Filters {
  /** In the order that ONNX Runtime wants for these groups. */
  readonly filter: string
  /** [K,C/groups,h,w] */
  readonly filterShape: Shape
  /** [K] */
  readonly bias?: string | undefined
}

/** A convolution of a map [N,C,H,W], to [N,K,H',W']. */
export function convolveMap(
  emit: BlockedEmitter,
  x: string,
  shape: Shape,
  { filter, filterShape, bias }: Filters,
  convolution: Convolution,
): string {
  const [k, , h, w] = filterShape as [number, number, number, number]
  const y = convolveNchwc(
    emit,
    {
      x: toNchwc(emit, x),
      filter,
      kernel: [h, w],
      ...(bias && { bias: padChannels(emit, bias, [k]) }),
    },
    convolution,
  )
  return fromNchwc(emit, y, [shape[0]!, k, ...outputSize(shape, [h, w], convolution)])
}

/** The mean of an NCHWc map over positions: [N,C,1,1]. */
export const meanOverPositions = (emit: BlockedEmitter, nchwc: string): string =>
  emit.node('GlobalAveragePool', [nchwc], {}, { domain })

/** Applies an element-wise operation to maps of one shape, in NCHWc where one of them is in NCHWc already. */
export function elementwise(
  emit: BlockedEmitter,
  maps: readonly string[],
  shape: Shape,
  apply: (maps: readonly string[]) => string,
): string {
  if (!maps.some((map) => isNchwc(emit, map))) return apply(maps)
  return fromNchwc(emit, apply(maps.map((map) => toNchwc(emit, map))), shape)
}

/**
 * min(max(x, 0), cap), fused into the NCHWc convolution that computes x where there is one: ONNX Runtime's own fusion ignores
 * convolutions that are in NCHWc from the start.
 * @param sole whether nothing else reads x
 */
export function clipped(
  emit: BlockedEmitter,
  x: string,
  shape: Shape,
  { cap, sole }: { readonly cap: number; readonly sole: boolean },
): string {
  const nchwc = emit.nchwc.get(x)
  const [activation, bounds] = cap === Infinity ? ['Relu', []] : ['Clip', [0, cap]]
  const attributes = { activation, ...(bounds.length > 0 && { activation_params: { floats: bounds } }) }
  if (nchwc !== undefined && sole && emit.amend(nchwc, 'Conv', attributes))
    return fromNchwc(emit, nchwc, shape)
  return elementwise(emit, [x], shape, ([map]) => clip(emit, map!, cap))
}
