import type { Engine, Program, State } from '../../engines/engine.ts'
import type { Graph } from '../../graph/graph.ts'
import type { Tensors } from '../../tensor.ts'
import { dataflow } from './dataflow.ts'
import { accessOf, type Names } from './state.ts'

export interface RunOptions {
  /** Inputs beside those of the step. */
  readonly inputs?: Tensors
  readonly names?: Names
  /** All by default. */
  readonly threads?: number
  /** Names in the state that no program reads after this one. */
  readonly drops?: readonly string[]
}

/** The programs of one step. The state after them is as if they had run one after the other, in the order of their starts. */
export interface ProgramFlow {
  start(graph: Graph, options?: RunOptions): Promise<Tensors>
  /** Resolves when all started programs have run. */
  finished(): Promise<void>
}

/** The programs of a training on one state. */
export interface Programs {
  /** @param inputs of the step: each program takes those that it has. */
  begin(inputs: Tensors): ProgramFlow
  dispose(): Promise<void>
}

/** A graph is compiled when it is first started. */
export function programsOn(engine: Engine, state: State): Programs {
  const compiled = new Map<Graph, Promise<Program>>()
  const compile = (graph: Graph, threads: number) => {
    const known = compiled.get(graph) ?? engine.compile(graph, { threads })
    compiled.set(graph, known)
    return known
  }
  return {
    begin(shared) {
      // One program more than can run takes over while results are handed on.
      const schedule = dataflow(engine.threads + 1)
      const runs: Promise<unknown>[] = []
      return {
        start(graph, { inputs = {}, names = new Map(), threads = engine.threads, drops = [] } = {}) {
          const all = { ...shared, ...inputs }
          const given = Object.fromEntries([...graph.inputs.keys()].map((name) => [name, all[name]!]))
          const result = schedule(accessOf(graph, names), async () =>
            (await compile(graph, threads)).run(state, given, names),
          )
          runs.push(result.then(() => state.drop(drops)))
          return result
        },
        async finished() {
          await Promise.all(runs)
        },
      }
    },
    async dispose() {
      for (const program of compiled.values()) await (await program).dispose()
    },
  }
}
