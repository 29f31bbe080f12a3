import type { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { canonicalJson } from '../hash.ts'
import type { ObjectStore } from './store.ts'

/** Canonical JSON: equal values are equal bytes. */
export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${canonicalJson(value)}\n`)

const MADE_AGAIN = 'delete that object; what made it will make it again on resume'

/**
 * Reads and validates a JSON object; undefined where there is none.
 * @param remedy says what to do about an invalid one @throws TrellisError `store-failed` for that
 */
export async function getJson<T>(
  store: Pick<ObjectStore, 'get' | 'location'>,
  key: string,
  schema: z.ZodType<T>,
  remedy = MADE_AGAIN,
): Promise<T | undefined> {
  const bytes = await store.get(key)
  if (bytes === undefined) return undefined
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new TrellisError('store-failed', `${store.location}/${key} is not what was written there`, {
      fix: remedy,
      cause,
    })
  }
}

/** @throws TrellisError `not-found` where there is no such object. @param fix says what writes it @param remedy see `getJson` */
export async function requireJson<T>(
  store: Pick<ObjectStore, 'get' | 'location'>,
  key: string,
  schema: z.ZodType<T>,
  fix: string,
  remedy = MADE_AGAIN,
): Promise<T> {
  const value = await getJson(store, key, schema, remedy)
  if (value === undefined)
    throw new TrellisError('not-found', `${store.location}/${key} does not exist`, { fix })
  return value
}

/** Writes a value if the key is absent. @returns the value in the store then: the first that was written */
export async function putJsonOnce<T>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
  value: T,
): Promise<T> {
  if (await store.putIfAbsent(key, jsonBytes(value))) return value
  return requireJson(store, key, schema, 'run this step again')
}
