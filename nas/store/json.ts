import type { z } from 'zod'
import { DIGITS, sha256 } from '../checksum.ts'
import { TrellisError } from '../errors.ts'
import { canonicalJson } from '../hash.ts'
import type { ObjectStore } from './store.ts'

/** Canonical JSON, for other programs: equal values are equal bytes. */
export const plainJsonBytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${canonicalJson(value)}\n`)

/** What such bytes begin with; the checksum follows. */
const HEAD = '{"sha256":"'

/**
 * Canonical JSON of an object that is read back. Its first member is `sha256`, the checksum of the canonical JSON of all the
 * others, so that whatever has become of the bytes is found when they are read.
 * @param value whose keys are known: a list, or a record of any keys, is a member of an object
 */
export function jsonBytes(value: object): Uint8Array {
  const json = canonicalJson(value)
  if (!json.startsWith('{')) throw new TypeError('a list has no room for its checksum')
  return new TextEncoder().encode(`${HEAD}${sha256(json)}"${json === '{}' ? '' : ','}${json.slice(1)}\n`)
}

/**
 * What bytes of JSON hold, without the checksum. Older versions wrote none, and nor do people.
 * @throws Error for what is no JSON, or has another checksum
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('sha256' in value)) return value
  const { sha256: written, ...others } = value
  if (written !== (text.startsWith(HEAD) ? ofTheRest(bytes) : sha256(canonicalJson(others))))
    throw new Error('it does not have the checksum that it says')
  return others
}

/** The checksum of what follows that of an object, whose text is canonical and need not be made again. */
function ofTheRest(bytes: Uint8Array): string {
  const rest = bytes.subarray(HEAD.length + DIGITS + 1, bytes.at(-1) === NEWLINE ? -1 : undefined)
  return sha256('{', rest[0] === COMMA ? rest.subarray(1) : rest)
}

const [NEWLINE, COMMA] = [0x0a, 0x2c]

/** An object of the store: its value, or what is wrong with it. */
export type Inspected<T> = { readonly value: T } | { readonly flaw: unknown }

/** Reads and validates a JSON object, and does not mind whether it is sound; undefined where there is none. */
export async function inspectJson<T>(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  schema: z.ZodType<T>,
): Promise<Inspected<T> | undefined> {
  const bytes = await store.get(key)
  if (bytes === undefined) return undefined
  try {
    return { value: schema.parse(parseJson(bytes)) }
  } catch (flaw) {
    return { flaw }
  }
}

/** The value of an object that is made again where it is missing or damaged; undefined then. */
export async function getSound<T>(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const found = await inspectJson(store, key, schema)
  return found !== undefined && 'value' in found ? found.value : undefined
}

/** What to do about a damaged object that is written once: what has written it does so again where it is missing. */
export const DELETE = 'delete that object, then resume the run: it is made again'

/** What to do about a damaged object that is written whenever its step is done. */
export const RESUME = 'resume the run: it is made again'

/**
 * Reads and validates a JSON object; undefined where there is none.
 * @param remedy says what to do about a damaged one @throws TrellisError `store-failed` for that
 */
export async function getJson<T>(
  store: Pick<ObjectStore, 'get' | 'location'>,
  key: string,
  schema: z.ZodType<T>,
  remedy = DELETE,
): Promise<T | undefined> {
  const found = await inspectJson(store, key, schema)
  if (found === undefined || 'value' in found) return found?.value
  throw damaged(`${store.location}/${key}`, 'is not what was written there', remedy, found.flaw)
}

/** @param what is wrong with the object @param remedy says what to do */
export const damaged = (name: string, what: string, remedy: string, cause?: unknown): TrellisError =>
  new TrellisError('store-failed', `${name} ${what}`, { fix: remedy, cause, permanent: true })

/** @throws TrellisError `not-found` where there is no such object. @param fix says what writes it @param remedy see `getJson` */
export async function requireJson<T>(
  store: Pick<ObjectStore, 'get' | 'location'>,
  key: string,
  schema: z.ZodType<T>,
  fix: string,
  remedy = DELETE,
): Promise<T> {
  const value = await getJson(store, key, schema, remedy)
  if (value === undefined)
    throw new TrellisError('not-found', `${store.location}/${key} does not exist`, { fix })
  return value
}

/** Writes a value if the key is absent. @returns the value in the store then: the first that was written */
export async function putJsonOnce<T extends object>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
  value: T,
): Promise<T> {
  if (await store.putIfAbsent(key, jsonBytes(value))) return value
  return requireJson(store, key, schema, 'run this step again')
}
