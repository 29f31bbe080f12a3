import { timeRuns } from '../../nas/engines/time-runs.ts'
import { TrellisError } from '../../nas/errors.ts'
import { freeze } from '../../nas/graph/freeze.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import {
  getLatencies,
  type LatencyTable,
  latencyKey,
  NOISE,
  putLatencies,
} from '../../nas/pipelines/densenas/latency.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { MOST_ROUNDS, measureLatencies } from '../../nas/spaces/densenas/latencies.ts'
import { operationGraphs } from '../../nas/spaces/densenas/operation-graphs.ts'
import { float32, sizeOf, type Tensor, type TensorType } from '../../nas/tensor.ts'
import type { DenseNasContext } from './context.ts'

/**
 * Measures what each operation of the space takes on this machine, as it will run in a finished network: with its weights
 * built in (DenseNAS section 3.3.2).
 * @throws TrellisError `job-failed` on a machine that is too busy
 */
export async function latency({ store, record, engine, signal, progress }: DenseNasContext): Promise<void> {
  const { config, dataset, device } = record
  const key = latencyKey(record)
  if (key === null) return
  if ((await getLatencies(store, key)) !== undefined) return

  const { batch } = config.search.cost
  const task = { batch, image: config.image, classes: dataset.classes.length }
  const time = async (graph: Graph) => {
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
  const onTimed = (step: number, steps: number) => progress({ trial: key, step, steps, loss: Number.NaN })
  const { costs, runs, spread } = await measureLatencies(
    operationGraphs(spaceOf(config), task),
    time,
    onTimed,
  )
  if (spread > NOISE)
    throw new TrellisError(
      'job-failed',
      `latencies cannot be measured here now: in ${MOST_ROUNDS} rounds an operation never took the same time thrice, but ${Math.round(spread * 100)} % more or less`,
      {
        fix: `stop what else this machine is doing, then trellis resume ${record.run}; or search by search.cost.kind=multiply-adds`,
      },
    )
  const measured: LatencyTable = {
    device: device ?? config.compute.card,
    batch,
    repeats: runs,
    engine: engine.name,
    unit: 'ms',
    ...costs,
    spread,
    measuredAt: Date.now(),
  }
  await putLatencies(store, key, measured)
}

/** Far from 0, where arithmetic slows down. */
const filled = ({ shape }: TensorType): Tensor => float32(shape, new Float32Array(sizeOf(shape)).fill(0.1))
