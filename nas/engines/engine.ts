import type { Graph } from '../graph/graph.ts'
import type { Rewrites } from '../graph/rewrites.ts'
import type { Tensors } from '../tensor.ts'

/** Named tensors in the engine's memory between runs: weights, statistics, optimiser moments. */
export interface State {
  /** A copy on the host. */
  read(): Promise<Tensors>
  /** Sets tensors by name. An engine may read them in place: they must not be changed afterwards. */
  put(tensors: Tensors): void
  /** Removes tensors that no program will read again; their memory is reused. */
  drop(names: Iterable<string>): void
  dispose(): void
}

/** A compiled graph. */
export interface Program {
  /**
   * Runs once: reads parameters from `state` and writes the graph's updates to it.
   * @param inputs by name; a name that is missing or has another shape is an error.
   * @param names the names in the state of parameters that are renamed there.
   */
  run(state: State, inputs: Tensors, names?: ReadonlyMap<string, string>): Promise<Tensors>
  dispose(): Promise<void>
}

/** Tensors of the host that an engine has in its memory. */
export interface Uploaded {
  /** Runs no longer read the copies. */
  release(): void
}

/** Tensors that have crossed the bus between the host and a device, and their bytes. */
export interface Traffic {
  readonly uploads: number
  readonly uploadedBytes: number
  readonly downloads: number
  readonly downloadedBytes: number
}

export interface CompileOptions {
  /** Of one run; all by default. */
  readonly threads?: number
  /** Whether the program runs a few times, so that compiling it counts as much as its runs. Nothing may be trained by it. */
  readonly shortLived?: boolean
}

/** Compiles and runs graphs. */
export interface Engine {
  readonly name: string
  /** Threads that concurrent programs can share; 1 where programs run one after another. */
  readonly threads: number
  /** Of forward passes that it is to train. */
  readonly rewrites: Rewrites
  /** So far. Absent where states are in host memory. */
  readonly traffic?: Traffic
  /**
   * Copies tensors, while programs run, to where runs read them: those that are given the same tensors upload nothing. Absent
   * where runs read the memory of the host.
   */
  upload?(tensors: Tensors): Promise<Uploaded>
  compile(graph: Graph, options?: CompileOptions): Promise<Program>
  state(tensors: Tensors): State
}
