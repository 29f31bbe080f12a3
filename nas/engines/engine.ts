import type { Graph } from '../graph/graph.ts'
import type { Tensors } from '../tensor.ts'

/** Named tensors that stay where the engine keeps them, between runs: weights, statistics, optimiser moments. */
export interface State {
  /** A copy on the host. */
  read(): Promise<Tensors>
  /** Sets tensors by name. They are read where they are: leave them as they are. */
  put(tensors: Tensors): void
  /** Forgets tensors that no program will read again; what comes next is kept in their memory. */
  drop(names: Iterable<string>): void
  dispose(): void
}

/** A compiled graph. */
export interface Program {
  /**
   * Runs once: parameters come from `state`, and the graph's updates go back into it.
   * @param inputs by name; a name that is missing or has another shape is an error.
   * @param names in the state, of parameters that have others there.
   */
  run(state: State, inputs: Tensors, names?: ReadonlyMap<string, string>): Promise<Tensors>
  dispose(): Promise<void>
}

/** What runs a graph. */
export interface Engine {
  readonly name: string
  /** What programs that run at the same time can share; 1 where they run one after the other. */
  readonly threads: number
  /** @param threads of one run; all by default */
  compile(graph: Graph, threads?: number): Promise<Program>
  state(tensors: Tensors): State
}
