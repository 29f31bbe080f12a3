/**
 * Objects by key, in a folder or an S3 bucket. Keys are relative, `/`-separated, without `.` or `..`.
 *
 * Every write is atomic: a reader sees the whole old object, the whole new one, or none, even if the writer dies.
 * A failing store throws a TrellisError `store-failed` naming the key.
 */
export interface ObjectStore {
  /** A path or an `s3://` address, for messages. */
  readonly location: string
  /** The object's bytes; undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>
  /** Writes or replaces an object. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Writes an object if the key is absent. @returns true for the one writer that won, false for all others */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>
  /** Keys that start with `prefix`, in the order of their UTF-8 bytes, as S3 lists them. */
  list(prefix: string): AsyncIterable<string>
  /** Names of the folders in one, with those that hold no object; absent where a key is all that makes a folder. */
  folders?(prefix: string): Promise<readonly string[]>
  /** Deletes an object, if there is one. */
  delete(key: string): Promise<void>
}

/** A store that detects changed objects without reading them. */
export interface VersionedStore extends ObjectStore {
  /** As `list`, each key with a version, which changes when other bytes are written. */
  versions(prefix: string): AsyncIterable<readonly [key: string, version: string]>
}

/** The operations that read a dataset. */
export type ObjectReader = Pick<ObjectStore, 'location' | 'get' | 'list' | 'folders'>
