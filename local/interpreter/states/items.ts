import { z } from 'zod'
import type { Json, MapState } from '../../../pipelines/asl.ts'
import { evaluate, evaluateTo } from '../expression.ts'
import { type Frame, innerFrame } from '../frame.ts'
import { asJson } from '../json.ts'

const list = z.array(z.json())

/** The items of a Map: read by its ItemReader, else Items, else the input itself. */
export async function itemsOf(state: MapState, input: Json, frame: Frame): Promise<readonly Json[]> {
  const { ItemReader, Items = input } = state
  if (!ItemReader) return evaluateTo(list, 'Items', Items as Json, { input }, frame)
  const place = z.object({ Bucket: z.string(), Key: z.string() })
  const { Arguments, ReaderConfig } = ItemReader
  const { Bucket, Key } = await evaluateTo(place, 'ItemReader.Arguments', { ...Arguments }, { input }, frame)
  const items = await frame.host.readItems({
    bucket: Bucket,
    key: Key,
    inputType: ReaderConfig.InputType,
  })
  return items.map(asJson)
}

/** The frame of an item, for ItemSelector and for an inline iteration. */
export const itemFrame = (frame: Frame, signal: AbortSignal, item: Json, index: number): Frame =>
  innerFrame(frame, signal, { Map: { Item: { Index: index, Value: item } } })

/** The input of an iteration: the item, or the result of ItemSelector. */
export const selectItem = async (state: MapState, item: Json, input: Json, frame: Frame): Promise<Json> =>
  state.ItemSelector === undefined ? item : evaluate(state.ItemSelector, { input }, frame)

/** MaxConcurrency; 0, or no value, is the maximum of Step Functions. */
export async function concurrencyOf(
  state: MapState,
  most: number,
  input: Json,
  frame: Frame,
): Promise<number> {
  const wanted = state.MaxConcurrency ?? 0
  const asked = await evaluateTo(z.number().int().min(0), 'MaxConcurrency', wanted, { input }, frame)
  return asked === 0 ? most : Math.min(asked, most)
}
