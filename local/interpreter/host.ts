/** All that an execution touches outside itself. A host with its own clock runs an execution in virtual time. */
export interface Host {
  /**
   * Does what a Task asks for. Throws a StateFailure when it fails for good. When the signal aborts, it gives up, leaves
   * nothing running, and rejects.
   *
   * @param resource the service integration, such as `arn:aws:states:::lambda:invoke`
   */
  task(resource: string, args: unknown, signal: AbortSignal): Promise<unknown>
  /** The items of a Distributed Map. Throws a StateFailure `States.ItemReaderFailed` where they cannot be read. */
  readItems(reader: ItemSource): Promise<readonly unknown[]>
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Uniform in [0, 1), for the jitter of retries. */
  random(): number
}

export interface ItemSource {
  readonly bucket: string
  readonly key: string
  readonly inputType: 'JSONL'
}
