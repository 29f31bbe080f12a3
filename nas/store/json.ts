import type { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { canonicalJson } from '../hash.ts'
import type { ObjectStore } from './store.ts'

/** Canonical JSON: equal values are equal bytes. */
export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${canonicalJson(value)}\n`)

/** Reads and validates a JSON object; undefined where there is none. @throws TrellisError `store-failed` for an invalid one */
export async function getJson<T>(
  store: Pick<ObjectStore, 'get' | 'location'>,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const bytes = await store.get(key)
  if (bytes === undefined) return undefined
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new TrellisError('store-failed', `${store.location}/${key} is not what was written there`, {
      fix: 'delete that object; what made it will make it again on resume',
      cause,
    })
  }
}

/** @throws TrellisError `not-found` where there is no such object. @param fix says what writes it */
export async function requireJson<T>(
  store: Pick<ObjectStore, 'get' | 'location'>,
  key: string,
  schema: z.ZodType<T>,
  fix: string,
): Promise<T> {
  const value = await getJson(store, key, schema)
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
