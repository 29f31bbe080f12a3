/**
 * Objects by key: a folder, or an S3 bucket prefix. Keys are relative, `/`-separated, without `.` or `..`.
 *
 * Every write is atomic: a reader sees the whole old object, the whole new one, or none, even if the writer dies.
 * A failing store throws a TrellisError `store-failed` naming the key.
 */
export interface ObjectStore {
  /** Where the objects are, for people: a path or an `s3://` address. */
  readonly location: string
  /** The object's bytes, or undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>
  /** Writes, replacing what was there. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Writes only where there is nothing yet. True for the one writer that won; false for every other, whose bytes are dropped. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>
  /** Keys that start with `prefix`, in the order of their UTF-8 bytes, as S3 lists them. */
  list(prefix: string): AsyncIterable<string>
  /** Removes the object; nothing happens where there is none. */
  delete(key: string): Promise<void>
}

/** A store that tells, without reading them, whether objects are what they were. */
export interface VersionedStore extends ObjectStore {
  /** As `list`, each key with a text that is another one once the object was written with other bytes. */
  versions(prefix: string): AsyncIterable<readonly [key: string, version: string]>
}

/** The part of a store that a dataset is read through. */
export type ObjectReader = Pick<ObjectStore, 'location' | 'get' | 'list'>
