import type * as TF from '@tensorflow/tfjs-core'
import type { TensorType } from '../tensor.ts'
import type { GraphBuilder } from './builder.ts'
import type { Value } from './graph.ts'
import type { OnnxEmitter } from './onnx/emitter.ts'

export type TensorFlow = typeof TF
export type TensorFlowTensor = TF.Tensor

export interface NodeTypes {
  readonly inputs: readonly TensorType[]
  readonly outputs: readonly TensorType[]
}

interface GradientContext<A> {
  readonly graph: GraphBuilder
  readonly attributes: A
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  /** d loss / d output, undefined for an output that the loss does not depend on. */
  readonly gradients: readonly (Value | undefined)[]
  /** Which inputs need a gradient; the others may be left undefined. */
  readonly needed: readonly boolean[]
  /**
   * Repeats a gradient along axes of length 1. A sum and a broadcast are each other's gradient; with this, the file of the sum
   * need not import that of the broadcast.
   */
  readonly broadcastTo: (gradient: Value, shape: readonly number[]) => Value
}

/**
 * All that the project knows about one operation. A new operation is a new file in `ops/` and touches no other.
 */
export interface Op<A> {
  readonly name: string
  /** Output types from input types. Throws a ShapeMismatch; the builder adds operation, scope and shapes. */
  infer(inputs: readonly TensorType[], attributes: A): readonly TensorType[]
  /** Multiply-adds of convolutions and matrix products; absent for other operations. */
  multiplyAdds?(types: NodeTypes, attributes: A): number
  /** Reverse mode: a gradient for each input, as new nodes. Absent where the operation is not differentiable. */
  gradient?(context: GradientContext<A>): readonly (Value | undefined)[]
  /** Emits ONNX nodes that any device has; returns the names of the outputs. A device may have a rule instead (onnx/targets/). */
  onnx(emit: OnnxEmitter, inputs: readonly string[], attributes: A, types: NodeTypes): readonly string[]
  /** Runs the operation in TensorFlow.js. The engine disposes of intermediates. */
  tensorflow(
    tf: TensorFlow,
    inputs: readonly TensorFlowTensor[],
    attributes: A,
    types: NodeTypes,
  ): readonly TensorFlowTensor[]
}

/** Thrown by `infer` where inputs do not fit each other or the attributes. */
export class ShapeMismatch extends Error {}
