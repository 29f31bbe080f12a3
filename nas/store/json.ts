import type { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { canonicalJson } from '../hash.ts'
import type { ObjectStore } from './store.ts'

/** Canonical JSON bytes: the same value is the same object, byte for byte. */
export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${canonicalJson(value)}\n`)

/** Reads and validates a JSON object; undefined where there is none. A malformed one is an error that names the key. */
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

/** @throws TrellisError `not-found` where there is no such object; `fix` says what makes it */
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

/** Writes a value where there is none yet. Returns the one that is there then: the first, whoever wrote it. */
export async function putJsonOnce<T>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
  value: T,
): Promise<T> {
  if (await store.putIfAbsent(key, jsonBytes(value))) return value
  return requireJson(store, key, schema, 'run this step again')
}
