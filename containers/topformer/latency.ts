import { spaceOf } from '../../nas/pipelines/topformer/config.ts'
import { getPartTable, latencyKey, putPartTable } from '../../nas/pipelines/topformer/latency.ts'
import { partGraphs } from '../../nas/spaces/topformer/part-graphs.ts'
import { tokenWidths } from '../../nas/spaces/topformer/parts.ts'
import { measuredHere, measurementOf } from '../measure-latencies.ts'
import type { TopformerContext } from './context.ts'

/**
 * Measures what each part of the networks of the space takes on this machine.
 * @throws TrellisError `job-failed` on a machine that is too busy
 */
export async function latency(context: TopformerContext): Promise<void> {
  const { store, record } = context
  const { config, dataset } = record
  const key = latencyKey(record)
  if (key === null || (await getPartTable(store, key)) !== undefined) return
  const space = spaceOf(config)
  const { attentionScale, retrain } = config
  const graphs = partGraphs(space, {
    size: retrain.crop,
    classes: dataset.classes.length,
    attentionScale,
  })
  const { latencyOf, ...measured } = await measuredHere(context, key, [...graphs.values()])
  await putPartTable(store, key, {
    ...measurementOf(context, measured, { batch: 1, otherwise: 'limit search.limit.of=multiplyAdds' }),
    tokens: tokenWidths(space),
    parts: Object.fromEntries([...graphs].map(([part, graph]) => [part, latencyOf(graph)])),
  })
}
