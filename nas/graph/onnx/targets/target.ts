import type { TensorType } from '../../../tensor.ts'
import type { Op } from '../../op.ts'
import type { Rewrites } from '../../rewrites.ts'
import type { OnnxEmitter } from '../emitter.ts'

type Lowered<A> = Parameters<Op<A>['onnx']>

interface WithRule<A, E extends OnnxEmitter> {
  onnx(emit: E, inputs: Lowered<A>[1], attributes: A, types: Lowered<A>[3]): readonly string[] | undefined
}

/** Nodes in place of those of `Op.onnx`; undefined, before it has emitted any, where those are as good. */
export type Rule<A, E extends OnnxEmitter = OnnxEmitter> = WithRule<A, E>['onnx']

/** How a device has models: in which version of ONNX's operators, and with which nodes. */
export interface Target {
  readonly opset: number
  readonly irVersion: number
  /** By the name of the operation. */
  readonly rules: Readonly<Record<string, Rule<unknown>>>
  readonly layout?: Layout
  readonly rewrites: Rewrites
}

/** A layout of its own, in which a target has some maps. Its emitter marks those and converts what other nodes read. */
export interface Layout {
  emitter(options: Pick<OnnxEmitter, 'opset' | 'dynamic'>): OnnxEmitter
  /** Whether a map is in the layout. */
  has(emit: OnnxEmitter, map: string): boolean
  /** @returns the map of a shape that a state has in the layout */
  load(emit: OnnxEmitter, stored: string, shape: readonly number[]): string
  /** @returns the name of a map's layout, for a state */
  store(emit: OnnxEmitter, map: string): string
  /** As a state has it. */
  typeOf(type: TensorType): TensorType
}
