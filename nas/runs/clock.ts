/** Time as a job sees it. */
export interface Clock {
  /** Milliseconds since its attempt began, by a clock that nobody sets: what it is charged for cannot shrink. */
  elapsed(): number
  /** Calls `action` every so many milliseconds, until the function that it returns is called. */
  every(ms: number, action: () => void): () => void
}
