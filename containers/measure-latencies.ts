import { type Measured, MOST_ROUNDS, measureGraphs } from '../nas/engines/measure-graphs.ts'
import { timeRuns } from '../nas/engines/time-runs.ts'
import { TrellisError } from '../nas/errors.ts'
import { freeze } from '../nas/graph/freeze.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { Interrupted } from '../nas/runs/interrupted.ts'
import { type Measurement, NOISE } from '../nas/runs/latencies.ts'
import { float32, sizeOf, type Tensor, type TensorType } from '../nas/tensor.ts'
import type { JobContext } from './context.ts'

type Context = Pick<JobContext, 'engine' | 'signal' | 'progress' | 'record'>

/** Times graphs as they will run in a finished network: with their weights built in (DenseNAS section 3.3.2). */
export const timeOf =
  ({ engine, signal }: Pick<Context, 'engine' | 'signal'>) =>
  async (graph: Graph) => {
    if (signal.aborted) throw new Interrupted()
    const weights = [...graph.parameters].map(([name, { value }]) => [name, filled(value.type)])
    const program = await engine.compile(freeze(graph, Object.fromEntries(weights)))
    const state = engine.state({})
    const inputs = Object.fromEntries([...graph.inputs].map(([name, { type }]) => [name, filled(type)]))
    const burst = await timeRuns({ run: () => program.run(state, inputs), now: () => performance.now() })
    state.dispose()
    await program.dispose()
    return burst
  }

/** Far from 0, where arithmetic slows down. */
const filled = ({ shape }: TensorType): Tensor => float32(shape, new Float32Array(sizeOf(shape)).fill(0.1))

/** Measures the distinct ones of graphs on this machine. @param key of the table */
export const measuredHere = (context: Context, key: string, graphs: readonly Graph[]): Promise<Measured> =>
  measureGraphs(graphs, timeOf(context), (step, steps) =>
    context.progress({ trial: key, step, steps, loss: Number.NaN }),
  )

/**
 * What a table says of its measurement.
 * @param otherwise what a run can do that measures nothing
 * @throws TrellisError `job-failed` on a machine that was too busy
 */
export function measurementOf(
  { record, engine }: Context,
  { runs, spread }: Pick<Measured, 'runs' | 'spread'>,
  { batch, otherwise }: { readonly batch: number; readonly otherwise: string },
): Measurement {
  if (spread > NOISE)
    throw new TrellisError(
      'job-failed',
      `latencies cannot be measured here now: in ${MOST_ROUNDS} rounds an operation never took the same time thrice, but ${Math.round(spread * 100)} % more or less`,
      {
        fix: `stop what else this machine is doing, then trellis resume ${record.run}; or ${otherwise}`,
      },
    )
  return {
    device: record.device ?? record.config.compute.card,
    batch,
    repeats: runs,
    engine: engine.name,
    unit: 'ms',
    spread,
    measuredAt: Date.now(),
  }
}
