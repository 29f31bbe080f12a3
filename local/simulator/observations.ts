/** What a process did, and when. */
export interface Sighting {
  readonly by: string
  readonly at: number
}

/** A training that began, for a run. */
export interface Beginning extends Sighting {
  readonly run: string
}

/** All that cannot be seen in a store afterwards of the runs that it holds. */
export interface Observations {
  /** By trial: when which process began to train it. */
  readonly begun: ReadonlyMap<string, readonly Beginning[]>
  /** By trial: results that jobs offered, kept or dropped. */
  readonly offered: ReadonlyMap<string, readonly Sighting[]>
  /** By key: when the object was first written. */
  readonly written: ReadonlyMap<string, number>
  /** By key: when the object was last written. */
  readonly latest: ReadonlyMap<string, number>
  /** By key: when the store last refused a write. */
  readonly refused: ReadonlyMap<string, number>
  /** Keys whose objects were replaced with other bytes. */
  readonly changed: ReadonlySet<string>
  /** What the policies of the store and the access of its processes forbid, a line for each. */
  readonly forbidden: readonly string[]
  /** The largest payload of all states, in bytes, and where it was. */
  readonly largest: { readonly bytes: number; readonly where: string }
  /** The most events of one execution. */
  readonly events: number
}
