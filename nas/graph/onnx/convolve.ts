import { type Convolution, isDepthwise, isPointwise, onnxConvolution } from '../convolution.ts'
import type { NodeTypes } from '../op.ts'
import { fitsBlocks } from './nchwc.ts'
import { blockedDepthwise } from './depthwise.ts'
import type { OnnxEmitter } from './emitter.ts'
import { blockedPointwise, pointwiseInBlocks } from './pointwise.ts'

/** A convolution in the layout that suits it. @param inputs x [N,C,H,W], filter [K,C/groups,h,w], and the bias [K], if any */
export function convolve(
  emit: OnnxEmitter,
  inputs: readonly string[],
  convolution: Convolution,
  { inputs: types }: NodeTypes,
): string {
  const [x, filter, bias] = inputs as [string, string, string?]
  const [shape, filterShape] = [types[0]!.shape, types[1]!.shape]
  if (isDepthwise(filterShape, convolution) && fitsBlocks(emit, shape))
    return blockedDepthwise(emit, x, shape, { filter, filterShape, bias }, convolution)
  const maps = { x: shape, channels: filterShape[0]! }
  if (isPointwise(filterShape, convolution) && pointwiseInBlocks(emit, x, maps))
    return blockedPointwise(emit, x, maps, { filter, transposed: false, bias })
  return emit.node('Conv', inputs, onnxConvolution(convolution))
}
