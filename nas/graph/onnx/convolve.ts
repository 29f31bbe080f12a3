import { type Convolution, onnxConvolution } from '../convolution.ts'
import type { NodeTypes } from '../op.ts'
import type { OnnxEmitter } from './emitter.ts'

/** @param inputs x [N,C,H,W], filter [K,C/groups,h,w], optional bias [K] */
export const convolve = (
  emit: OnnxEmitter,
  inputs: readonly string[],
  convolution: Convolution,
  { inputs: [, filter] }: NodeTypes,
): string => emit.node('Conv', inputs, onnxConvolution(filter!.shape, convolution))
