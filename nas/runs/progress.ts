/** How far a run has got, in figures that the runs of all pipelines have. */
export interface RunProgress {
  /** Trials with a result. */
  readonly completed: number
  /** Of these. */
  readonly failed: number
  /**
   * The validation score of what the run has found, trained in full as its baselines are; before that the best of the trials that are
   * counted, where these have scores; else null.
   */
  readonly best: number | null
}
