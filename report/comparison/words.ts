/** How a pipeline speaks of its comparison. */
export interface ComparisonWords {
  /** What is compared, e.g. `cell`. */
  readonly noun: string
  /** With its article, e.g. `the network found`. */
  readonly winner: string
  /** The name of the score, e.g. `top-1`. */
  readonly score: string
  /** The key of the configuration that sets the seeds. */
  readonly seedsKey: string
}

export const capitalised = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`
