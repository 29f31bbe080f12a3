import { type Convolution, isDepthwise, isPointwise } from '../../../convolution.ts'
import type { NodeTypes } from '../../../op.ts'
import type { Rule } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { nchwcDepthwise } from './depthwise.ts'
import { fitsNchwc } from './nchwc.ts'
import { nchwcPointwise, suitsNchwc } from './pointwise.ts'
import { nchwcUngrouped, suitsUngrouped } from './ungrouped.ts'

/** In NCHWc where that is faster. @param inputs x [N,C,H,W], filter [K,C/groups,h,w], optional bias [K] */
export function nchwcConvolution(
  emit: BlockedEmitter,
  inputs: readonly string[],
  convolution: Convolution,
  { inputs: types }: NodeTypes,
): string | undefined {
  const [x, filter, bias] = inputs as [string, string, string?]
  const [shape, filterShape] = [types[0]!.shape, types[1]!.shape]
  if (isDepthwise(filterShape, convolution) && fitsNchwc(emit, shape))
    return nchwcDepthwise(emit, x, shape, { filter, filterShape, bias }, convolution)
  const maps = { x: shape, channels: filterShape[0]! }
  if (isPointwise(filterShape, convolution) && suitsNchwc(emit, x, maps))
    return nchwcPointwise(emit, x, maps, { filter, transposed: false, bias })
  if (suitsUngrouped(emit, [shape[1]!, filterShape[0]!], filterShape.slice(2), convolution))
    return nchwcUngrouped(emit, x, shape, { filter, filterShape, transposed: false, bias }, convolution)
  return undefined
}

/** With bias and without. */
export const convolution: Rule<Convolution, BlockedEmitter> = (emit, inputs, attributes, types) => {
  const y = nchwcConvolution(emit, inputs, attributes, types)
  return y === undefined ? undefined : [y]
}
