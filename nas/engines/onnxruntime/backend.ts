import type { Tensor } from '../../tensor.ts'

/** Access to ONNX Runtime, which reads and writes tensors as views of host memory. */
export interface Backend<View> {
  /** The memory of the tensor must outlive the view. */
  view(tensor: Tensor): View
  release(view: View): void
  session(model: Uint8Array, names: SessionNames, options: SessionOptions): Promise<Session<View>>
}

/** The names of a session's inputs and results, in the order of `run`. */
interface SessionNames {
  readonly inputs: readonly string[]
  readonly results: readonly string[]
}

export interface SessionOptions {
  /** Threads of one run. */
  readonly threads: number
  /** Whether many sessions run in turn: they then share an allocator, and idle threads do not spin. */
  readonly manyPrograms: boolean
}

export interface Session<View> {
  /** Runs once and writes results to the given memory. */
  run(inputs: readonly View[], results: readonly View[]): Promise<void>
  dispose(): Promise<void>
}
