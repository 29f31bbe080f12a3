import { type Convolution, isDepthwise, isPointwise, onnxConvolution } from '../convolution.ts'
import type { NodeTypes } from '../op.ts'
import { nchwcDepthwise } from './depthwise.ts'
import type { OnnxEmitter } from './emitter.ts'
import { fitsNchwc } from './nchwc.ts'
import { nchwcPointwise, suitsNchwc } from './pointwise.ts'

/** A convolution in the layout that is fastest for it. @param inputs x [N,C,H,W], filter [K,C/groups,h,w], optional bias [K] */
export function convolve(
  emit: OnnxEmitter,
  inputs: readonly string[],
  convolution: Convolution,
  { inputs: types }: NodeTypes,
): string {
  const [x, filter, bias] = inputs as [string, string, string?]
  const [shape, filterShape] = [types[0]!.shape, types[1]!.shape]
  if (isDepthwise(filterShape, convolution) && fitsNchwc(emit, shape))
    return nchwcDepthwise(emit, x, shape, { filter, filterShape, bias }, convolution)
  const maps = { x: shape, channels: filterShape[0]! }
  if (isPointwise(filterShape, convolution) && suitsNchwc(emit, x, maps))
    return nchwcPointwise(emit, x, maps, { filter, transposed: false, bias })
  return emit.node('Conv', inputs, onnxConvolution(filterShape, convolution))
}
