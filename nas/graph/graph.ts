import type { Tensor, TensorType } from '../tensor.ts'
import type { Op } from './op.ts'

/** One intermediate result, of a static shape. */
export interface Value {
  readonly id: number
  readonly type: TensorType
}

export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  /** Normal, truncated at two standard deviations. */
  | { readonly kind: 'truncated-normal'; readonly deviation: number }
  /** He et al. 2015, normal, over the fan-out: sqrt(2 / fanOut). */
  | { readonly kind: 'he-normal'; readonly fanOut: number }

/**
 * `weight` is trained and decayed, `norm` (normalisation scales and shifts, biases) is trained and not decayed,
 * `stat` is not trained (running statistics, optimiser moments), `arch` belongs to the architecture. A `feature` passes from
 * one program to the next within a step and is in no checkpoint.
 */
export type ParameterRole = 'weight' | 'norm' | 'stat' | 'arch' | 'feature'

/** A named tensor that outlives a run of the graph. Graphs that use the same name share it. */
export interface Parameter extends TensorType {
  readonly name: string
  readonly role: ParameterRole
  /** False for a weight without weight decay: depthwise filters (MobileNets, arXiv 1704.04861, section 3.2). */
  readonly decayed?: boolean
  readonly initialiser: Initialiser
}

/** One application of an operation. `scope` is its place in the network, e.g. `cell/branch3/depthwise`. */
export interface Node {
  readonly op: Op<unknown>
  readonly attributes: unknown
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly scope: string
}

/**
 * A network, or a training step: typed nodes in topological order. `updates` are the values of parameters after a run.
 */
export interface Graph {
  readonly inputs: ReadonlyMap<string, Value>
  readonly parameters: ReadonlyMap<string, { readonly parameter: Parameter; readonly value: Value }>
  readonly constants: readonly { readonly tensor: Tensor; readonly value: Value }[]
  readonly nodes: readonly Node[]
  readonly outputs: ReadonlyMap<string, Value>
  readonly updates: ReadonlyMap<string, Value>
  /**
   * Of a graph that was cut from another: that, and the names of the activations that one part saves for another. Nothing else
   * reads them, so an engine may keep them in a layout of its own.
   */
  readonly part?: { readonly of: Graph; readonly saved: ReadonlySet<string> }
}
