import type { Convolution } from '../convolution.ts'
import type { OnnxEmitter } from './emitter.ts'

/*
 * Feature maps in ONNX Runtime's blocked layout (its operator set com.microsoft.nchwc): [N, C/B, H, W, B], which it calls
 * [N,C,H,W], with B channels as wide as a vector register and zeros in the channels that fill up the last block. ONNX Runtime
 * uses it by itself where filters are constants; those of a training step are not.
 *
 * What is made in blocks stays so from operation to operation: a map has both layouts by one name (`emit.blocks`), and is
 * moved from one to the other only where something reads it that knows the other alone.
 */

export const blocksDomain = 'com.microsoft.nchwc'
const domain = blocksDomain

export type Shape = readonly number[]

/** Channels with those that fill up the last block. */
export const filled = (block: number, channels: number): number => Math.ceil(channels / block) * block

/** Whether maps [N,C,H,W] can be put in blocks: ONNX Runtime moves four channels at a time. */
export const fitsBlocks = ({ block }: OnnxEmitter, shape: Shape): boolean =>
  block > 0 && shape.length === 4 && shape[1]! % 4 === 0

export const inBlocks = (emit: OnnxEmitter, x: string): boolean => emit.blocks.has(x)

/** @returns what a map is called in blocks */
export function toBlocks(emit: OnnxEmitter, x: string): string {
  const known = emit.blocks.get(x)
  if (known !== undefined) return known
  const blocks = reordered(emit, x)
  emit.blocks.set(x, blocks)
  return blocks
}

const reordered = (emit: OnnxEmitter, x: string): string => emit.node('ReorderInput', [x], {}, { domain })

/** A map [N,C,H,W] that was made in blocks. */
export function fromBlocks(emit: OnnxEmitter, blocks: string, [, channels]: Shape): string {
  const map = emit.lazy((as) => emit.node('ReorderOutput', [blocks], { channels: channels! }, { domain, as }))
  emit.blocks.set(map, blocks)
  return map
}

/** Numbers by channel, with zeros for the channels that fill up a block. @param axis of the channels */
export function filledUp(emit: OnnxEmitter, x: string, shape: Shape, axis = 0): string {
  const missing = filled(emit.block, shape[axis]!) - shape[axis]!
  if (missing === 0) return x
  const after = shape.map((_, i) => (i === axis ? missing : 0))
  return emit.node('Pad', [x, emit.ints([...shape.map(() => 0), ...after])])
}

/** The first channels of numbers by channel [C,…], without those that fill up a block. */
export const unfilled = (emit: OnnxEmitter, x: string, channels: number): string =>
  filled(emit.block, channels) === channels
    ? x
    : emit.node('Slice', [x, emit.ints([0]), emit.ints([channels]), emit.ints([0])])

/** Filters with one map a channel, [C,1,h,w], in blocks. */
export function blockedFilter(emit: OnnxEmitter, filter: string, shape: Shape): string {
  const [c, , h, w] = shape as [number, number, number, number]
  const all = filledUp(emit, filter, shape)
  const channels = filled(emit.block, c)
  if (h * w === 1) return all
  const maps = reordered(emit, emit.node('Reshape', [all, emit.ints([1, channels, h, w])]))
  return emit.node('Reshape', [maps, emit.ints([channels, 1, h, w])])
}

/** What a convolution in blocks does with its sums before it writes them. */
export interface Activation {
  readonly activation: string
  readonly activation_params: { readonly floats: readonly number[] }
}

interface Operands {
  readonly x: string
  /** As ONNX Runtime orders it for these groups. */
  readonly filter: string
  readonly kernel: readonly [height: number, width: number]
  readonly bias?: string
  /** A map that is added to the result. */
  readonly addend?: string
  readonly activation?: Activation
  /** What to call the result. */
  readonly as?: string | undefined
}

/** Blocked maps convolved, in blocks. */
export const convolveBlocks = (
  emit: OnnxEmitter,
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

/** The mean of a blocked map over positions: [N,C,1,1]. */
export const meanOverPositions = (emit: OnnxEmitter, blocks: string): string =>
  emit.node('GlobalAveragePool', [blocks], {}, { domain })

/**
 * Applies an operation that takes its operands number by number, maps of one shape, in the layout of one that is in blocks
 * already.
 */
export function elementwise(
  emit: OnnxEmitter,
  maps: readonly string[],
  shape: Shape,
  apply: (maps: readonly string[]) => string,
): string {
  if (!maps.some((map) => inBlocks(emit, map))) return apply(maps)
  return fromBlocks(emit, apply(maps.map((map) => toBlocks(emit, map))), shape)
}

/**
 * min(max(x, 0), cap), by the convolution in blocks that makes x where it does: ONNX Runtime's own joining of the two does
 * not know of maps that are in blocks from the start.
 * @param sole whether nothing else reads x
 */
export function clipped(
  emit: OnnxEmitter,
  x: string,
  shape: Shape,
  { cap, sole }: { readonly cap: number; readonly sole: boolean },
): string {
  const blocks = emit.blocks.get(x)
  const [activation, bounds] = cap === Infinity ? ['Relu', []] : ['Clip', [0, cap]]
  const attributes = { activation, ...(bounds.length > 0 && { activation_params: { floats: bounds } }) }
  if (blocks !== undefined && sole && emit.amend(blocks, 'Conv', attributes))
    return fromBlocks(emit, blocks, shape)
  const constants = bounds.map((bound) => emit.float(bound))
  return elementwise(emit, [x], shape, ([map]) => emit.node(activation, [map!, ...constants]))
}
