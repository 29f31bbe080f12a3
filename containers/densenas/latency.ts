import { timeRuns } from '../../nas/engines/time-runs.ts'
import { freeze } from '../../nas/graph/freeze.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import {
  getLatencies,
  type LatencyTable,
  latencyKey,
  putLatencies,
} from '../../nas/pipelines/densenas/latency.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { measureLatencies } from '../../nas/spaces/densenas/latencies.ts'
import { operationGraphs } from '../../nas/spaces/densenas/operation-graphs.ts'
import { float32, sizeOf, type Tensor, type TensorType } from '../../nas/tensor.ts'
import type { DenseNasContext } from './context.ts'

/**
 * Measures what each operation of the space takes on this machine, as it will run in a finished network: with its weights
 * built in (DenseNAS section 3.3.2).
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
    const timing = await timeRuns({ run: () => program.run(state, inputs), now: () => performance.now() })
    await program.dispose()
    return timing
  }
  const onTimed = (step: number, steps: number) => progress({ trial: key, step, steps, loss: Number.NaN })
  const { costs, runs, spread } = await measureLatencies(
    operationGraphs(spaceOf(config), task),
    time,
    onTimed,
  )
  const measured: LatencyTable = {
    device: device ?? config.compute.card,
    batch,
    repeats: runs,
    engine: engine.name,
    unit: 'ms',
    ...costs,
    spread,
  }
  await putLatencies(store, key, measured)
}

/** Far from 0, where arithmetic slows down. */
const filled = ({ shape }: TensorType): Tensor => float32(shape, new Float32Array(sizeOf(shape)).fill(0.1))
