/** How far a run has got, in figures that the runs of all pipelines have. */
export interface RunProgress {
  /** Trials with a result. */
  readonly completed: number
  /** Of these. */
  readonly failed: number
  /** The score that is shown for the run; null before there is one. */
  readonly best: number | null
}
