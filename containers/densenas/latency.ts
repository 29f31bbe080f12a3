import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import { getLatencies, latencyKey, putLatencies } from '../../nas/pipelines/densenas/latency.ts'
import { measureLatencies } from '../../nas/spaces/densenas/latencies.ts'
import { operationGraphs } from '../../nas/spaces/densenas/operation-graphs.ts'
import { measurementOf, timeOf } from '../measure-latencies.ts'
import type { DenseNasContext } from './context.ts'

/**
 * Measures what each operation of the space takes on this machine.
 * @throws TrellisError `job-failed` on a machine that is too busy
 */
export async function latency(context: DenseNasContext): Promise<void> {
  const { store, record, progress } = context
  const { config, dataset } = record
  const key = latencyKey(record)
  if (key === null) return
  if ((await getLatencies(store, key)) !== undefined) return

  const { batch } = config.search.cost
  const task = { batch, image: config.image, classes: dataset.classes.length }
  const { costs, ...measured } = await measureLatencies(
    operationGraphs(spaceOf(config), task),
    timeOf(context),
    (step, steps) => progress({ trial: key, step, steps, loss: Number.NaN }),
  )
  const otherwise = 'search by search.cost.kind=multiply-adds'
  await putLatencies(store, key, { ...measurementOf(context, measured, { batch, otherwise }), ...costs })
}
