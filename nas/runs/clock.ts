/** Time as a job sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `action` every so many milliseconds, until the function that it returns is called. */
  every(ms: number, action: () => void): () => void
}
