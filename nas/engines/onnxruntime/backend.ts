import type { Tensor, TensorType } from '../../tensor.ts'
import type { Pointer } from './c-api.ts'

/** A tensor that runs read or write. */
export interface Value {
  readonly type: TensorType
  readonly pointer: Pointer
}

/** One in host memory. */
export interface HostValue extends Value {
  readonly tensor: Tensor
}

/** Where tensors lie. */
export interface Memory<V extends Value = Value> {
  /** What a run can write to; its numbers are arbitrary. */
  allocate(type: TensorType): V
  /** The value of a tensor. In host memory, it is the tensor itself, which must outlive it. */
  place(tensor: Tensor): V
  /** A copy on the host, of the moment of the call. */
  read(value: V): Promise<Tensor>
  release(value: V): void
}

/** ONNX Runtime with the kernels of one device. */
export interface Backend {
  readonly host: Memory<HostValue>
  /** Of states: that of the host, or of the device. */
  readonly memory: Memory
  session(model: Uint8Array, names: SessionNames, options: SessionOptions): Promise<Session>
}

/** The names of a session's inputs and results, in the order of `run`. */
export interface SessionNames {
  readonly inputs: readonly string[]
  readonly results: readonly string[]
}

export interface SessionOptions {
  /** Whether the model holds its filters: ONNX Runtime then chooses kernels and layouts for them. */
  readonly constant: boolean
  /** Threads of one run. */
  readonly threads: number
  /** Whether many sessions share the cores: they then share an allocator, and idle threads do not spin. */
  readonly manyPrograms: boolean
  /** Whether runs may keep the calling thread, in place of waiting for another. */
  readonly blocking: boolean
}

export interface Session {
  /** Runs once and writes results to the given memory. */
  run(inputs: readonly Value[], results: readonly Value[]): Promise<void>
  dispose(): Promise<void>
}
