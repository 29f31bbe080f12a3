/** All effects of an execution. A host with its own clock runs an execution in virtual time. */
export interface Host {
  /**
   * Performs a Task. Throws a StateFailure when the task fails. When the signal aborts, it stops all that it started, then
   * rejects.
   *
   * @param resource the service integration, such as `arn:aws:states:::lambda:invoke`
   */
  task(resource: string, args: unknown, signal: AbortSignal): Promise<unknown>
  /** The items of a Distributed Map. @throws StateFailure `States.ItemReaderFailed` where they cannot be read */
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
