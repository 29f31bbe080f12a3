import { z } from 'zod'
import type { Json, MapState } from '../../../pipelines/asl.ts'
import { runExecution } from '../execution.ts'
import { evaluate, evaluateTo } from '../expression.ts'
import { StateFailure } from '../failure.ts'
import { type Frame, newFrame, type RunStates } from '../frame.ts'
import { withinLimit } from '../json.ts'
import { conclude } from '../result.ts'
import { together } from '../together.ts'
import { concurrencyOf, itemFrame, itemsOf, selectItem } from './items.ts'

/** Step Functions runs at most 10,000 child executions at once. */
const mostAtOnce = 10_000

/** The input of a child execution, and the number of items that fail with it. */
interface Child {
  readonly input: Json
  readonly items: number
}

/**
 * A Distributed Map: each item, or batch of items, is a child execution with its own history and without the variables of its
 * parent. Items of failed children are tolerated up to a threshold; beyond it, the other children are aborted and the state
 * fails. The result is the list of the outputs of successful children.
 */
export async function distributedMap(
  state: MapState,
  name: string,
  input: Json,
  frame: Frame,
  run: RunStates,
): Promise<Json> {
  const { host, history } = frame
  const items = await itemsOf(state, input, frame)
  const tolerated = await toleratedItems(state, items.length, input, frame)
  const children = await childrenOf(state, items, input, frame)
  history.record('MapRunStarted', name, { length: children.length })

  let failed = 0
  const outputs = await together(
    children.map((child, index) => async (signal): Promise<readonly Json[]> => {
      const childFrame = newFrame(host, signal, history.child(`${name}[${index}]`), child.input)
      try {
        return [await runExecution(state.ItemProcessor, child.input, childFrame, run)]
      } catch (thrown) {
        if (!(thrown instanceof StateFailure)) throw thrown
        failed += child.items
        if (failed <= tolerated) return []
        throw new StateFailure(
          'States.ExceedToleratedFailureThreshold',
          `The specified tolerated failure threshold was exceeded: ${failed} of ${items.length} items failed, the last with ${thrown.message}`,
        )
      }
    }),
    await concurrencyOf(state, mostAtOnce, input, frame),
    frame.signal,
  )
  history.record('MapRunSucceeded', name, { failed })
  const result = withinLimit(outputs.flat(), 'the result of all child executions')
  return conclude(state, { input, result }, result, frame)
}

/** The number of items that may fail: the lower of a count and a percentage; zero without both. */
async function toleratedItems(state: MapState, items: number, input: Json, frame: Frame): Promise<number> {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = state
  if (count === undefined && percentage === undefined) return 0
  const most = (field: string, value: Json | undefined, otherwise: number) =>
    evaluateTo(z.number().min(0), field, value ?? otherwise, { input }, frame)
  return Math.min(
    await most('ToleratedFailureCount', count, items),
    ((await most('ToleratedFailurePercentage', percentage, 100)) / 100) * items,
  )
}

/** ItemSelector is applied to each item; ItemBatcher then groups them as `{Items, BatchInput}`. */
async function childrenOf(
  state: MapState,
  items: readonly Json[],
  input: Json,
  frame: Frame,
): Promise<readonly Child[]> {
  const selected = await Promise.all(
    items.map((item, index) => selectItem(state, item, input, itemFrame(frame, frame.signal, item, index))),
  )
  if (!state.ItemBatcher) return selected.map((item) => ({ input: item, items: 1 }))
  const { MaxItemsPerBatch, BatchInput } = state.ItemBatcher
  const size = await evaluateTo(
    z.number().int().min(1),
    'MaxItemsPerBatch',
    MaxItemsPerBatch,
    { input },
    frame,
  )
  const shared = BatchInput === undefined ? {} : { BatchInput: await evaluate(BatchInput, { input }, frame) }
  const children: Child[] = []
  for (let first = 0; first < selected.length; first += size) {
    const Items = selected.slice(first, first + size)
    children.push({ input: { ...shared, Items }, items: Items.length })
  }
  return children
}
