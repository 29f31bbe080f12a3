import type { Graph } from '../graph/graph.ts'
import type { Tensors } from '../tensor.ts'
import type { Engine, Program, State } from './engine.ts'

/** A network, compiled, with its weights. */
export interface Running {
  readonly program: Program
  readonly state: State
}

/** Does something with a compiled network. */
export async function running<T>(
  engine: Engine,
  graph: Graph,
  weights: Tensors,
  work: (run: Running) => Promise<T>,
): Promise<T> {
  const run = { program: await engine.compile(graph), state: engine.state(weights) }
  const result = await work(run)
  run.state.dispose()
  await run.program.dispose()
  return result
}
