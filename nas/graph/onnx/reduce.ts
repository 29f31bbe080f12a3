import type { OnnxEmitter } from './emitter.ts'

/** From this version on, the axes of these operators are an input. */
const AXES_AS_INPUT = 18

/** A mean or a maximum over axes, which stay with length 1 where `keepdims` is 1. */
export function reduce(
  emit: OnnxEmitter,
  opType: 'ReduceMean' | 'ReduceMax',
  x: string,
  axes: readonly number[],
  keepdims: 0 | 1 = 1,
): string {
  return emit.opset < AXES_AS_INPUT
    ? emit.node(opType, [x], { axes, keepdims })
    : emit.node(opType, [x, emit.ints(axes)], { keepdims })
}
