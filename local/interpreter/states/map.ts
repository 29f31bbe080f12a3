import type { Json, MapState } from '../../../pipelines/asl.ts'
import type { Frame, RunStates } from '../frame.ts'
import { withinLimit } from '../json.ts'
import { conclude } from '../result.ts'
import { together } from '../together.ts'
import { concurrencyOf, itemFrame, itemsOf, selectItem } from './items.ts'

/** Step Functions runs at most 40 inline iterations at once. */
const mostAtOnce = 40

/** An inline Map: iterations in this execution, with its history and variables. A failed iteration aborts the others. */
export async function inlineMap(
  state: MapState,
  name: string,
  input: Json,
  frame: Frame,
  run: RunStates,
): Promise<Json> {
  const { history } = frame
  const items = await itemsOf(state, input, frame)
  history.record('MapStateStarted', name, { length: items.length })
  const outputs = await together(
    items.map((item, index) => async (signal) => {
      history.record('MapIterationStarted', name, { index })
      const inner = itemFrame(frame, signal, item, index)
      const output = await run(state.ItemProcessor, await selectItem(state, item, input, inner), inner)
      history.record('MapIterationSucceeded', name, { index })
      return output
    }),
    await concurrencyOf(state, mostAtOnce, input, frame),
    frame.signal,
  )
  history.record('MapStateSucceeded', name)
  const result = withinLimit(outputs, 'the result of all iterations')
  return conclude(state, { input, result }, result, frame)
}
