import type { Tensor } from '../../tensor.ts'

/** A way to call ONNX Runtime, which takes tensors as views of host memory. */
export interface Backend<View> {
  /** The memory of the tensor must outlive the view. */
  view(tensor: Tensor): View
  release(view: View): void
  session(model: Uint8Array, names: SessionNames, options: SessionOptions): Promise<Session<View>>
}

/** What a session takes and gives, in the order in which it is handed over. */
export interface SessionNames {
  readonly inputs: readonly string[]
  readonly results: readonly string[]
}

export interface SessionOptions {
  /** Threads of one run. */
  readonly threads: number
  /** Whether many sessions run by turns: they then share memory, and threads do not wait in a busy loop. */
  readonly manyPrograms: boolean
}

export interface Session<View> {
  /** Runs once, and writes results to the memory given for them. */
  run(inputs: readonly View[], results: readonly View[]): Promise<void>
  dispose(): Promise<void>
}
