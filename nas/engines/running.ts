import type { Graph } from '../graph/graph.ts'
import type { Tensors } from '../tensor.ts'
import type { CompileOptions, Engine, Program, State } from './engine.ts'

/** A network, compiled, with its weights. */
export interface Running {
  readonly program: Program
  readonly state: State
}

/** Does something with a compiled network. What it had is freed however that ends: on a card, nobody else frees it. */
export async function running<T>(
  engine: Engine,
  graph: Graph,
  weights: Tensors,
  work: (run: Running) => Promise<T>,
  options?: CompileOptions,
): Promise<T> {
  const program = await engine.compile(graph, options)
  try {
    // Without the copy that a state makes of what it begins with.
    const state = engine.state({})
    try {
      state.put(weights)
      return await work({ program, state })
    } finally {
      state.dispose()
    }
  } finally {
    await program.dispose()
  }
}
