import type { Comparison } from '../../nas/pipelines/topformer/comparison.ts'
import type { Front } from '../../nas/pipelines/topformer/front.ts'
import type { RoundResults } from '../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import type { DatasetNotes } from '../../nas/runs/dataset.ts'
import type { LedgerEntry } from '../../nas/runs/ledger.ts'
import type { Result } from '../../nas/runs/result.ts'
import type { TopformerTask } from '../../nas/spaces/topformer/cost.ts'
import type { Classified } from '../../nas/tasks/classification.ts'
import type { End } from '../note.ts'

/** Everything that the report of a run shows. Scores are mIoU on the validation images, shares in [0, 1]. */
export interface TopformerReportData {
  readonly record: TopformerRun
  readonly end: End
  /** What was found in the dataset, as it was when the run started. */
  readonly notes: DatasetNotes
  /** Of the largest network, on labelled images; undefined for a run without pretraining, and before its end. */
  readonly pretraining?: Result<Classified> | undefined
  /** Of the half-steps so far. */
  readonly results: readonly RoundResults[]
  /** With the latencies of parts, once they are measured. */
  readonly task: TopformerTask
  readonly front: Front
  /** Undefined until the networks that were found and the baselines are trained. */
  readonly comparison: Comparison | undefined
  /** Pictures of the winner: image, truth and prediction side by side. */
  readonly predictions: readonly Uint8Array[]
  readonly ledger: readonly LedgerEntry[]
}
